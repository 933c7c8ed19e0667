import type { NotificationType } from '@carillon/contract';
import { cancelOwed, followState, holdOwed, releaseOwed } from '../deliveries/standing-store.ts';
import { missedSince } from '../notices/missed-store.ts';
import type { Health } from '../sending/health.ts';
import { forgetHealth, healthsOf, lockHealth } from '../sending/health-store.ts';
import { keepSupplier } from './party-store.ts';
import { mostPrevious, previousAfter } from './previous-secrets.ts';
import { lockWebhook, supplierWebhooks, webhookById } from './store.ts';
import {
  type Asked,
  masked,
  notificationTypeOf,
  type Sending,
  thinEvent as thin,
  type thinEvent,
  type Webhook,
  type WebhookShown,
} from './webhook.ts';
import type { SubscriptionDeps, Writing } from './writing.ts';

/** Why what a webhook is owed is held while it is paused. */
const pausedReason = 'the webhook is paused';

const rotatedTooOften = `it was rotated ${mostPrevious} times within 24 hours, and all of those secrets still sign: rotate it again later`;

/** How a webhook is, in one word. */
export type Condition = 'healthy' | 'failing' | 'resting' | 'paused' | 'disabled';

/** A webhook or a subscription to notifications as the operator sees it: whose it is, and how it goes. Times are ms UTC. */
export interface WebhookListed extends Omit<WebhookShown, 'event'> {
  readonly event: WebhookShown['event'] | typeof thinEvent;
  /** What a subscription to notifications covers; null: it is a webhook. */
  readonly notificationTypes: readonly NotificationType[] | null;
  readonly connectionId: string;
  readonly state: Webhook['state'];
  /** Why it is disabled. */
  readonly reason: string | null;
  readonly condition: Condition;
  /** Attempts that failed since the last success, and when the first of them ended. */
  readonly failures: number;
  readonly failingSince: number | null;
  /** When it is tried again, where it rests. */
  readonly restingUntil: number | null;
  readonly sending: Sending;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** What a webhook missed while it failed: a replay would send it. */
export interface Missed {
  /** When it began to fail, ms UTC; null: nothing failed since its last success. */
  readonly since: number | null;
  /** Deliveries that were given up since then. */
  readonly gaveUp: number;
}

/** A supplier's webhooks, for whoever runs them. Ids of webhooks that the supplier does not have give undefined or false. */
export interface Oversight {
  /** All of them, oldest first. */
  all(supplierId: string): Promise<WebhookListed[]>;
  one(supplierId: string, id: string): Promise<WebhookListed | undefined>;
  /** The signing secret. */
  secret(supplierId: string, id: string): Promise<string | undefined>;
  /** Makes a new signing secret; each of those before signs as well for `rotationOverlapMs` from its own rotation. No more than `mostPrevious` do. */
  rotate(supplierId: string, id: string): Promise<Asked<string> | undefined>;
  /** Sends nothing to an active webhook until it is enabled again: what it is owed is held. One that is disabled stays so. */
  pause(supplierId: string, id: string): Promise<boolean>;
  /**
   * Makes a webhook active again, with what was held for it due, or cancelled if `held` says so, and tells what it missed while it failed.
   * Its health begins anew. False also where the supplier is not active.
   */
  enable(supplierId: string, id: string, held?: 'release' | 'cancel'): Promise<Missed | false>;
  /** Changes how deliveries are sent; what is left out stays as it is. */
  configure(supplierId: string, id: string, changes: Partial<Sending>): Promise<boolean>;
}

function conditionOf(webhook: Webhook, health: Health): Condition {
  if (webhook.paused) return 'paused';
  if (webhook.state !== 'active') return 'disabled';
  if (health.restingUntil !== null) return 'resting';
  return health.failingSince === null ? 'healthy' : 'failing';
}

/** See `Oversight`. */
export function createOversight(deps: SubscriptionDeps, writing: Writing): Oversight {
  const { db, seal, now, newSecret } = deps;

  function listed(webhook: Webhook, health: Health): WebhookListed {
    const [event] = webhook.events;
    return {
      id: webhook.id,
      event: webhook.thin || event === undefined ? thin : event,
      url: webhook.url,
      retryOnError: webhook.retryOnError,
      useContactLanguage: webhook.useContactLanguage,
      headers: masked(webhook, seal),
      capabilities: webhook.capabilities,
      notificationTypes: webhook.thin ? webhook.events.map(notificationTypeOf) : null,
      connectionId: webhook.connectionId,
      state: webhook.state,
      reason: webhook.stateReason,
      condition: conditionOf(webhook, health),
      failures: health.failures,
      failingSince: health.failingSince,
      restingUntil: health.restingUntil,
      sending: webhook.sending,
      createdAt: webhook.createdAt,
      updatedAt: webhook.updatedAt,
    };
  }

  async function listedAll(webhooks: readonly Webhook[]): Promise<WebhookListed[]> {
    const healthOf = await healthsOf(
      db.reader,
      webhooks.map(({ id }) => id),
    );
    return webhooks.map((webhook) => listed(webhook, healthOf(webhook.id)));
  }

  return {
    all: async (supplierId) => listedAll(await supplierWebhooks(db.reader, supplierId)),

    async one(supplierId, id) {
      const webhook = await webhookById(db.reader, { supplierId, id });
      return webhook === undefined ? undefined : (await listedAll([webhook]))[0];
    },

    secret: async (supplierId, id) => {
      const webhook = await webhookById(db.reader, { supplierId, id });
      return webhook && seal.open(webhook.signingSecret);
    },

    rotate: (supplierId, id) =>
      db.transaction(async (tx): Promise<Asked<string> | undefined> => {
        const webhook = await lockWebhook(tx, { supplierId, id });
        if (webhook === undefined) return undefined;
        const previous = previousAfter(webhook, seal, now());
        if (previous === undefined) return { ok: false, refusal: { kind: 'bad_request', message: rotatedTooOften } };
        const secret = newSecret();
        await writing.change(tx, webhook, { signingSecret: seal.seal(secret), ...previous });
        return { ok: true, value: secret };
      }),

    pause: (supplierId, id) =>
      db.transaction(async (tx) => {
        const webhook = await lockWebhook(tx, { supplierId, id });
        if (webhook === undefined) return false;
        if (webhook.state !== 'active') return true;
        await writing.change(tx, webhook, { state: 'disabled', stateReason: pausedReason, paused: true });
        await holdOwed(tx, { webhookId: id, reason: pausedReason });
        followState(db, tx, [id]);
        return true;
      }),

    async enable(supplierId, id, held = 'release') {
      if (held === 'cancel') await cancelHeld(supplierId, id);
      return db.transaction(async (tx) => {
        if (!(await keepSupplier(tx, supplierId))) return false;
        const webhook = await lockWebhook(tx, { supplierId, id });
        if (webhook === undefined) return false;
        await writing.change(tx, webhook, { state: 'active', stateReason: null, paused: false });
        const since = (await lockHealth(tx, [id])).get(id)?.health.failingSince ?? null;
        const gaveUp = since === null ? 0 : await missedSince(tx, { webhookId: id, since });
        forgetHealth(tx, [id]);
        await releaseOwed(tx, { webhookId: id, now: now() });
        followState(db, tx, [id]);
        return { since, gaveUp };
      });
    },

    configure: (supplierId, id, changes) =>
      db.transaction(async (tx) => {
        const webhook = await lockWebhook(tx, { supplierId, id });
        if (webhook === undefined) return false;
        await writing.change(tx, webhook, { sending: { ...webhook.sending, ...changes } });
        tx.afterCommit(() => db.notify('deliveries'));
        return true;
      }),
  };

  /** Cancels what is held for a webhook that is disabled, in portions. */
  async function cancelHeld(supplierId: string, id: string): Promise<void> {
    let cancelled: number;
    do {
      cancelled = await db.transaction(async (tx) => {
        const webhook = await lockWebhook(tx, { supplierId, id });
        if (webhook?.state !== 'disabled') return 0;
        return cancelOwed(tx, { webhookId: id, reason: 'cancelled when the webhook was enabled', now: now() });
      });
    } while (cancelled > 0);
  }
}
