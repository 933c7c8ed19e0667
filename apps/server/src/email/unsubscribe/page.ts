import { html } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';

type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

interface Words {
  readonly title: string;
  readonly ask: string;
  readonly button: string;
  readonly done: string;
  readonly unknown: string;
}

const words: Readonly<Record<string, Words>> = {
  en: {
    title: 'E-mails',
    ask: 'Do you want no more offers and reminders of this kind? E-mails about your bookings still reach you.',
    button: 'Unsubscribe',
    done: 'You get no more e-mails of this kind. Those about your bookings still reach you.',
    unknown: 'This link is not complete. Please open it from the e-mail again.',
  },
  de: {
    title: 'E-Mails',
    ask: 'Möchten Sie keine Angebote und Erinnerungen dieser Art mehr? E-Mails zu Ihren Buchungen bekommen Sie weiterhin.',
    button: 'Abmelden',
    done: 'Sie bekommen keine E-Mails dieser Art mehr. Die zu Ihren Buchungen bekommen Sie weiterhin.',
    unknown: 'Dieser Link ist nicht vollständig. Bitte öffnen Sie ihn noch einmal aus der E-Mail.',
  },
  es: {
    title: 'Correos',
    ask: '¿No desea recibir más ofertas y recordatorios de este tipo? Los correos sobre sus reservas le seguirán llegando.',
    button: 'Darse de baja',
    done: 'No recibirá más correos de este tipo. Los de sus reservas le seguirán llegando.',
    unknown: 'Este enlace no está completo. Ábralo de nuevo desde el correo.',
  },
};

/** The languages that the page is written in; the first is for everybody else. */
export const pageLanguages: readonly string[] = Object.keys(words);

/** What its page shows, and a policy that lets nothing run and its form come here only. */
export const pagePolicy =
  "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/** The page of an unsubscribe link, in one of `pageLanguages`: it asks, or says what was done. */
export function unsubscribePage(language: string, state: 'ask' | 'done' | 'unknown'): Html {
  const said = words[language] ?? (words.en as Words);
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${said.title}</title>
<style>
:root { color-scheme: light dark; }
body { margin: 0; font: 18px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif; }
main { max-width: 34rem; margin: 12vh auto; padding: 0 20px; }
button { font: inherit; padding: 10px 22px; cursor: pointer; }
</style>
</head>
<body>
<main>
<p>${said[state]}</p>
${state === 'ask' ? html`<form method="post"><button type="submit">${said.button}</button></form>` : ''}
</main>
</body>
</html>`;
}
