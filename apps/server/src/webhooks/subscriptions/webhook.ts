import type { CapabilityId, EventType } from '@carillon/contract';

/** A party's subscriptions are its connection's. */
export interface Party {
  readonly supplierId: string;
  readonly connectionId: string;
}

/** What a connection asks for. `url` may carry `user:password@`, which becomes basic auth and is never shown again. */
export interface WebhookRequest {
  readonly event: EventType;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly capabilities: readonly CapabilityId[];
  readonly useContactLanguage: boolean;
  readonly retryOnError: boolean;
}

/** A webhook as OCTO shows it: credentials left out, header values masked. */
export interface WebhookShown {
  readonly id: string;
  readonly event: EventType;
  readonly url: string;
  readonly retryOnError: boolean;
  readonly useContactLanguage: boolean;
  readonly headers: Readonly<Record<string, string>>;
  readonly capabilities: readonly CapabilityId[];
}

/** A webhook as it is stored; secrets are sealed. Times are ms UTC. */
export interface Webhook {
  readonly id: string;
  readonly supplierId: string;
  readonly connectionId: string;
  readonly event: EventType;
  /** Without credentials. */
  readonly url: string;
  readonly credentials: string | null;
  readonly headers: string;
  readonly capabilities: readonly CapabilityId[];
  readonly useContactLanguage: boolean;
  readonly retryOnError: boolean;
  readonly language: string;
  readonly signingSecret: string;
  readonly previousSecret: string | null;
  readonly previousUntil: number | null;
  readonly state: 'active' | 'disabled' | 'deleted';
  readonly stateReason: string | null;
  readonly revision: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** Seals what must not be read at rest. */
export interface Seal {
  seal(text: string): string;
  open(sealed: string): string;
}

/** In place of a value that is not shown. */
export const mask = '********';

/** The stored URL and, apart from it, the sealed `user:password` that it carried (percent-decoded). */
export function splitCredentials(url: string, seal: Seal): { url: string; credentials: string | null } {
  const parsed = new URL(url);
  if (parsed.username === '' && parsed.password === '') return { url: parsed.href, credentials: null };
  const pair = `${decodeURIComponent(parsed.username)}:${decodeURIComponent(parsed.password)}`;
  parsed.username = '';
  parsed.password = '';
  return { url: parsed.href, credentials: seal.seal(pair) };
}

/** What may be shown of a webhook. */
export function shown(webhook: Webhook, seal: Seal): WebhookShown {
  const names = Object.keys(JSON.parse(seal.open(webhook.headers)) as Record<string, string>);
  return {
    id: webhook.id,
    event: webhook.event,
    url: webhook.url,
    retryOnError: webhook.retryOnError,
    useContactLanguage: webhook.useContactLanguage,
    headers: Object.fromEntries(names.map((name) => [name, mask])),
    capabilities: webhook.capabilities,
  };
}
