import type { Sending, Webhook } from '../subscriptions/webhook.ts';
import type { ViewForm } from '../views/event-views.ts';

/** A delivery that is due now, with all that sending it takes. */
export interface Job {
  readonly deliveryId: string;
  readonly webhookId: string;
  readonly event: string;
  /** It says ids only: a notification. */
  readonly thin: boolean;
  readonly language: string;
  /** `"webhook":{…},"supplier":{…}`; of a notification `"subscriptionId":…,"supplierId":…` */
  readonly versionBody: string;
  /** `"booking":{…},"diff":[…]`; of a notification `"data":{…}`; of a whole one all of it. */
  readonly viewBody: string;
  readonly form: ViewForm;
  /** Of a whole one: its own headers, as JSON. */
  readonly viewHeaders: string | null;
  /** Steps of the retry schedule used up. */
  readonly step: number;
  /** When its event was recorded, ms UTC, where nothing but its lane has delayed it; otherwise null. */
  readonly owedAt: number | null;
  /** It goes although an earlier one of its subject has not arrived. */
  readonly outOfOrder: boolean;
  /** The trace that its event began (W3C `traceparent`); null: none, or traces are off. */
  readonly traceparent: string | null;
  /** A resting webhook is tried with it. */
  readonly probe: boolean;
  readonly leaseToken: string;
  /** Until when it may be started, in this process's monotonic ms. */
  readonly startBefore: number;
  readonly endpoint: EndpointRow;
}

/** The columns of a webhook that sending needs; secrets are sealed. */
export interface EndpointRow {
  readonly webhookId: string;
  readonly revision: number;
  readonly url: string;
  readonly credentials: string | null;
  readonly headers: string;
  readonly authentication: string | null;
  readonly retryOnError: boolean;
  readonly signingSecret: string;
  readonly previousSecret: string | null;
  readonly previousUntil: number | null;
  readonly active: boolean;
  readonly sending: Sending;
}

/** What sending needs of a webhook. */
export function endpointRow(webhook: Webhook): EndpointRow {
  return {
    webhookId: webhook.id,
    revision: webhook.revision,
    url: webhook.url,
    credentials: webhook.credentials,
    headers: webhook.headers,
    authentication: webhook.authentication,
    retryOnError: webhook.retryOnError,
    signingSecret: webhook.signingSecret,
    previousSecret: webhook.previousSecret,
    previousUntil: webhook.previousUntil,
    active: webhook.state === 'active',
    sending: webhook.sending,
  };
}

/** The lane of a subject: its deliveries to one webhook are sent in position order. */
export function laneOf(type: string, subjectId: string): string {
  return `${type}/${subjectId}`;
}
