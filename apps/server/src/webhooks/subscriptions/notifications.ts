import type { EventType, NotificationType } from '@carillon/contract';
import type { Tx } from '../../platform/db/index.ts';
import { followState, holdOwed, releaseOwed } from '../deliveries/standing-store.ts';
import { forgetHealth, lockHealth } from '../sending/health-store.ts';
import { sentAfter } from './secrets.ts';
import { connectionWebhooks, webhookById } from './store.ts';
import { type Asked, masked, notificationTypeOf, type Party, type Seal, type Webhook } from './webhook.ts';
import { createWriting, type SubscriptionDeps } from './writing.ts';

/** What a connection asks to be notified of. `url` may carry `user:password@`, which becomes basic auth and is never shown. */
export interface NotificationRequest {
  readonly notificationTypes: readonly NotificationType[];
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** False: what it is owed is held until it is active again. */
  readonly active: boolean;
  readonly retryOnError: boolean;
}

/** A subscription to notifications as OCTO shows it: credentials left out, header values masked. */
export interface NotificationShown extends NotificationRequest {
  readonly id: string;
}

/** A connection's subscriptions to notifications (octo/notifications): webhooks that are told ids only. */
export interface Notifications {
  create(
    by: Party,
    request: NotificationRequest,
  ): Promise<Asked<NotificationShown & { readonly signingSecret: string }>>;
  list(by: Party): Promise<NotificationShown[]>;
  get(by: Party, id: string): Promise<NotificationShown | undefined>;
  /**
   * What is left out stays as it is. Made active, a subscription that Carillon has disabled begins anew; one that the operator has paused
   * stays so, which is a refusal. Undefined: the connection has no such subscription.
   */
  patch(by: Party, id: string, change: Partial<NotificationRequest>): Promise<Asked<NotificationShown> | undefined>;
  /** False: the connection has no such subscription. What it is still owed is cancelled. */
  remove(by: Party, id: string): Promise<boolean>;
}

/** Why what a subscription is owed is held when its connection made it inactive. */
const switchedOff = 'its connection has made the subscription inactive';
const pausedByOperator =
  'active cannot be true: the operator has paused the subscription, and only the operator can enable it again';

/** The event type that a notification type is. */
const eventOf = (type: NotificationType): EventType => type.toLowerCase() as EventType;

function shown(webhook: Webhook, seal: Seal): NotificationShown {
  return {
    id: webhook.id,
    notificationTypes: webhook.events.map(notificationTypeOf),
    url: webhook.url,
    headers: masked(webhook, seal),
    active: webhook.state === 'active',
    retryOnError: webhook.retryOnError,
  };
}

/** See `Notifications`. */
export function createNotifications(deps: SubscriptionDeps): Notifications {
  const { db, seal, now } = deps;
  const writing = createWriting(deps);

  /** Ends or begins to hold what a subscription is owed, and gives the state that it is in then. */
  async function activate(tx: Tx, webhook: Webhook, active: boolean): Promise<Partial<Webhook>> {
    const { id: webhookId, stateReason } = webhook;
    if (active === (webhook.state === 'active')) return {};
    followState(db, tx, [webhookId]);
    if (!active) {
      await holdOwed(tx, { webhookId, reason: switchedOff });
      return { state: 'disabled', stateReason: switchedOff };
    }
    if (stateReason !== switchedOff) {
      // It was disabled for its failures: with them on record it would be disabled again.
      await lockHealth(tx, [webhookId]);
      forgetHealth(tx, [webhookId]);
    }
    await releaseOwed(tx, { webhookId, now: now() });
    return { state: 'active', stateReason: null };
  }

  return {
    create: (by, { notificationTypes, active, ...request }) =>
      db.transaction(async (tx): Promise<Asked<NotificationShown & { readonly signingSecret: string }>> => {
        const added = await writing.add(tx, by, {
          ...request,
          events: notificationTypes.map(eventOf),
          thin: true,
          capabilities: [],
          useContactLanguage: false,
          state: active ? 'active' : 'disabled',
          stateReason: active ? null : switchedOff,
        });
        if (!added.ok) return added;
        const { webhook, signingSecret } = added.value;
        return { ok: true, value: { ...shown(webhook, seal), signingSecret } };
      }),

    list: async (by) =>
      (await connectionWebhooks(db.reader, by)).filter(({ thin }) => thin).map((webhook) => shown(webhook, seal)),

    get: async (by, id) => {
      const webhook = await webhookById(db.reader, { supplierId: by.supplierId, id });
      return webhook?.connectionId === by.connectionId && webhook.thin ? shown(webhook, seal) : undefined;
    },

    patch: (by, id, change) =>
      db.transaction(async (tx): Promise<Asked<NotificationShown> | undefined> => {
        const webhook = await writing.lock(tx, by, { id, thin: true });
        if (webhook === undefined) return undefined;
        const { url, headers, notificationTypes, retryOnError = webhook.retryOnError, active } = change;
        const sent = sentAfter({ ...(url && { url }), ...(headers && { headers }) }, webhook, seal);
        if (!sent.ok) return sent;
        if (active === true && webhook.paused) {
          return { ok: false, refusal: { kind: 'bad_request', message: pausedByOperator } };
        }
        const state = active === undefined ? {} : await activate(tx, webhook, active);
        const events = notificationTypes?.map(eventOf) ?? webhook.events;
        const changed = await writing.change(tx, webhook, { ...sent.value, ...state, events, retryOnError });
        return { ok: true, value: shown(changed, seal) };
      }),

    remove: (by, id) =>
      db.transaction(async (tx) => {
        const webhook = await writing.lock(tx, by, { id, thin: true });
        if (webhook !== undefined) await writing.remove(tx, webhook);
        return webhook !== undefined;
      }),
  };
}
