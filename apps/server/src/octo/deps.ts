import type { Context, Hono } from 'hono';
import type { Arrival, JsonLimits, Rate } from '../platform/http/index.ts';
import type { Supplier } from '../supplier/index.ts';
import type { Caller } from './caller.ts';
import type { DeliveryApi, PullApi, ReplayApi } from './delivery-api.ts';
import type { NotificationApi } from './notification-api.ts';
import type { TriggerApi, WebhookApi } from './webhook-api.ts';

/** What the OCTO face says to the log. */
export interface OctoLog {
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
}

/**
 * What may be sent: bytes and depth of a body, calls of a connection, wrong keys from an address, tests of a webhook and of all
 * webhooks of a connection.
 */
export interface OctoLimits {
  readonly body: JsonLimits;
  readonly rate: Rate;
  readonly wrongKeys: Rate;
  readonly tests: { readonly webhook: Rate; readonly connection: Rate };
}

/**
 * What the OCTO face is made of. `publicUrl` gives the origin that a request reached the API at, `clientAddress` the address
 * that it came from; `now` gives ms UTC.
 */
export interface OctoDeps {
  readonly supplier: Supplier;
  readonly webhooks: WebhookApi;
  readonly triggers: TriggerApi;
  readonly notifications: NotificationApi;
  readonly pull: PullApi;
  readonly deliveries: DeliveryApi;
  readonly replays: ReplayApi;
  /** The hash by which a connection is found, of its API key. */
  readonly hashKey: (key: string) => string;
  readonly publicUrl: (arrival: Arrival) => string;
  readonly clientAddress: (arrival: Arrival) => string;
  readonly now: () => number;
  readonly log: OctoLog;
  readonly limits: OctoLimits;
}

/** What a request carries with it; `requestId` when a middleware before gave it one. */
export interface OctoEnv {
  Variables: { caller: Caller; requestId?: string };
}

/** The app that routes are added to. */
export type OctoApp = Hono<OctoEnv>;
/** One request. */
export type OctoContext = Context<OctoEnv>;
