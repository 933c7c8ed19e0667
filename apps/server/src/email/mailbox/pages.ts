import { html } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import type { ParsedMail } from './parsed.ts';
import type { MailSummary } from './store.ts';

type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

interface Frame {
  readonly base: string;
  readonly title: string;
  /** Whether it looks for new e-mails by itself. */
  readonly refreshes?: boolean;
}

function page({ base, title, refreshes = false }: Frame, body: Html): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="stylesheet" href="${base}/style.css">
${refreshes ? html`<script src="${base}/refresh.js" defer></script>` : ''}
</head>
<body>
<main>
${body}
</main>
</body>
</html>`;
}

const timeOf = (at: number): string => new Date(at).toISOString().replace('T', ' ').slice(0, 19);

const kept = 'E-mails that Carillon would have sent. They are kept here and go to nobody.';
const sent = 'E-mails leave through your provider. Here are those that were kept before; no more are added.';

/** The list of e-mails, the newest first; it refreshes itself. `keeps`: e-mails are kept here and do not leave. */
export function listPage(base: string, mails: readonly MailSummary[], keeps: boolean): Html {
  const rows = mails.map(
    (mail) => html`<li><a class="mail" href="${base}/${mail.id}">
<span class="to">${mail.recipient}</span><time datetime="${new Date(mail.receivedAt).toISOString()}">${timeOf(mail.receivedAt)} UTC</time>
<span class="subject">${mail.subject}</span></a></li>`,
  );
  return page(
    { base, title: `Mailbox (${mails.length})`, refreshes: true },
    html`<header><h1>Mailbox</h1>
<form method="post" action="${base}/clear"><button type="submit" ${mails.length === 0 ? 'disabled' : ''}>Delete all</button></form></header>
<p class="muted">${keeps ? kept : sent}</p>
${mails.length === 0 ? html`<p class="empty">No e-mails ${keeps ? 'yet. Confirm a booking, and its confirmation appears here.' : 'here.'}</p>` : html`<ol>${rows}</ol>`}`,
  );
}

/** One e-mail: its HTML in a frame that runs no scripts, its text, its headers and its files. */
export function mailPage(base: string, mail: MailSummary, parsed: ParsedMail): Html {
  const files = parsed.files.map(
    (file, index) => html`<li><a href="${base}/${mail.id}/files/${index}" download>${file.filename}</a>
<span class="muted">${file.contentType}, ${file.size} bytes${file.cid === null ? '' : ', shown in the e-mail'}</span></li>`,
  );
  const headers = parsed.headers.map(({ name, value }) => html`<tr><th scope="row">${name}</th><td>${value}</td></tr>`);
  return page(
    { base, title: mail.subject },
    html`<nav><a href="${base}">← Mailbox</a></nav>
<h1>${mail.subject}</h1>
<p class="muted">To ${mail.recipient} · from ${mail.sender} · ${timeOf(mail.receivedAt)} UTC</p>
${parsed.html === null ? '' : html`<iframe title="The e-mail" sandbox="allow-popups allow-popups-to-escape-sandbox" src="${base}/${mail.id}/html"></iframe>`}
${parsed.files.length === 0 ? '' : html`<section><h2>Attachments</h2><ul>${files}</ul></section>`}
<details ${parsed.html === null ? 'open' : ''}><summary>Plain text</summary><pre>${parsed.text}</pre></details>
<details><summary>Headers</summary><table>${headers}</table></details>
<p><a href="${base}/${mail.id}/raw" download>Download as .eml</a></p>`,
  );
}

/** What is shown for an e-mail that is not there (any more). */
export function missingPage(base: string): Html {
  return page(
    { base, title: 'Not found' },
    html`<h1>Not found</h1><p>There is no such e-mail. <a href="${base}">Back to the mailbox</a></p>`,
  );
}
