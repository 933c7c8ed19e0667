import type { CapabilityId, EventType, NotificationType } from '@carillon/contract';
import type { Telling } from './telling.ts';

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

/** What of a webhook is to be different; what is left out stays as it is. */
export type WebhookChange = Partial<WebhookRequest>;

/** What was asked for, or why it cannot be, as the rest of OCTO's BAD_REQUEST says it. */
export type Asked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly refusal: { readonly kind: 'bad_request'; readonly message: string } };

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

/** Stands for the event type of a subscription to notifications, which may cover several. */
export const thinEvent = 'notification';

/** How many requests a webhook may get: so many a second, and so many at once after a rest. */
export interface RateLimit {
  readonly perSecond: number;
  readonly burst: number;
}

/** How deliveries to a webhook are sent. */
export interface Sending {
  /** `subject`: those of one subject in order; `none`: each as soon as it can. */
  readonly ordering: 'subject' | 'none';
  /** How long one that fails may hold back those behind it, ms. */
  readonly holdForMs: number;
  /** Requests at a time, of one process. */
  readonly concurrency: number;
  /** Of all processes together; null: as fast as it answers. */
  readonly rateLimit: RateLimit | null;
  /** Delays before the attempts, ms, the first one included; null: those of Standard Webhooks. */
  readonly retryDelaysMs: readonly number[] | null;
}

/** How a webhook is sent to unless somebody wants it otherwise. */
export const usualSending: Sending = {
  ordering: 'subject',
  holdForMs: 3_600_000,
  concurrency: 16,
  rateLimit: null,
  retryDelaysMs: null,
};

/** A webhook as it is stored; secrets are sealed. Times are ms UTC. */
export interface Webhook {
  readonly id: string;
  readonly supplierId: string;
  readonly connectionId: string;
  /** What it is told of: one event type, or what a subscription to notifications covers. */
  readonly events: readonly EventType[];
  /** It is told ids only: a subscription to notifications (octo/notifications). */
  readonly thin: boolean;
  /** Without credentials. */
  readonly url: string;
  readonly credentials: string | null;
  readonly headers: string;
  /** How it says who is calling, beyond credentials and headers; null: not at all. */
  readonly authentication: string | null;
  readonly capabilities: readonly CapabilityId[];
  readonly useContactLanguage: boolean;
  readonly retryOnError: boolean;
  readonly language: string;
  readonly signingSecret: string;
  readonly previousSecret: string | null;
  readonly previousUntil: number | null;
  readonly state: 'active' | 'disabled' | 'deleted';
  readonly stateReason: string | null;
  /** It is disabled because somebody wants it so for a while. */
  readonly paused: boolean;
  /** It hears of every booking and order of its supplier. */
  readonly hearsAll: boolean;
  readonly sending: Sending;
  readonly telling: Telling;
  readonly revision: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** Why what was owed to a webhook is cancelled. */
export const webhookDeleted = 'the webhook was deleted';

/** Seals what must not be read at rest. */
export interface Seal {
  seal(text: string): string;
  open(sealed: string): string;
}

/** In place of a value that is not shown. */
export const mask = '********';

/** The header values of a webhook by name. */
export function openHeaders(webhook: Webhook, seal: Seal): Record<string, string> {
  return JSON.parse(seal.open(webhook.headers)) as Record<string, string>;
}

/** The headers of a webhook, without their values. */
export function masked(webhook: Webhook, seal: Seal): Record<string, string> {
  return Object.fromEntries(Object.keys(openHeaders(webhook, seal)).map((name) => [name, mask]));
}

/** The notification type that an event type is (OCTO): the same in upper case. */
export const notificationTypeOf = (event: EventType): NotificationType => event.toUpperCase() as NotificationType;

/** What may be shown of a webhook that is told of objects. */
export function shown(webhook: Webhook, seal: Seal): WebhookShown {
  const [event] = webhook.events;
  if (event === undefined || webhook.thin) throw new Error(`${webhook.id} is a subscription to notifications`);
  return {
    id: webhook.id,
    event,
    url: webhook.url,
    retryOnError: webhook.retryOnError,
    useContactLanguage: webhook.useContactLanguage,
    headers: masked(webhook, seal),
    capabilities: webhook.capabilities,
  };
}
