import { type AnyDocument, chooseLanguage, type EventType } from '@carillon/contract';
import type { Webhook } from '../subscriptions/webhook.ts';
import { contactLocales, type ViewAudience } from './view.ts';

/**
 * Who a webhook is rendered for: its capabilities, and the first of the contact's languages that the supplier speaks where it
 * asks for that, else the supplier's own (Ventrata's `useContactLanguage`). `languages` are those of the webhook's versions.
 */
export function audienceOf(
  webhook: Pick<Webhook, 'capabilities' | 'language' | 'useContactLanguage'>,
  languages: readonly string[],
  type: EventType,
  document: AnyDocument,
): ViewAudience {
  const { capabilities } = webhook;
  // The supplier's language when the versions were rendered, unless it has changed since: then one that they were rendered in.
  const fallback = languages.includes(webhook.language) ? webhook.language : (languages[0] ?? webhook.language);
  if (!webhook.useContactLanguage) return { capabilities, language: fallback, fallback };
  return { capabilities, language: chooseLanguage(contactLocales(type, document), languages, fallback), fallback };
}
