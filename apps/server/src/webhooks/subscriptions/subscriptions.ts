import type { EventType } from '@carillon/contract';
import { releaseOwed } from '../deliveries/store.ts';
import { keepSupplier } from './party-store.ts';
import { sentAfter, splitCredentials } from './secrets.ts';
import { allWebhooks, connectionWebhooks, lockWebhook, supplierWebhooks, webhookById } from './store.ts';
import {
  type Asked,
  listed,
  type Party,
  shown,
  type Webhook,
  type WebhookChange,
  type WebhookListed,
  type WebhookRequest,
  type WebhookShown,
} from './webhook.ts';
import { createWriting, type SubscriptionDeps } from './writing.ts';

/** How long the previous signing secret signs as well after a rotation, ms (Standard Webhooks: sign with old and new). */
export const rotationOverlapMs = 24 * 3_600_000;

/** A connection's webhooks: made, listed, changed, deleted; and for admins, all of a supplier's and their signing secrets. */
export interface Subscriptions {
  create(by: Party, request: WebhookRequest): Promise<Asked<WebhookShown & { readonly signingSecret: string }>>;
  list(by: Party): Promise<WebhookShown[]>;
  get(by: Party, id: string): Promise<WebhookShown | undefined>;
  /** Makes the change that `change` wants of the webhook as it is. Undefined: the connection has no such webhook. */
  patch(
    by: Party,
    id: string,
    change: (current: WebhookShown) => WebhookChange,
  ): Promise<Asked<WebhookShown> | undefined>;
  /** False: the connection has no such webhook. What it is still owed is cancelled. */
  remove(by: Party, id: string): Promise<boolean>;
  /** Deletes the connection's webhooks to a URL (its credentials do not matter), of one event or of all; gives how many. */
  removeByUrl(by: Party, target: { readonly url: string; readonly event?: EventType }): Promise<number>;
  /** The webhooks of a supplier, with the state of each, oldest first. */
  all(supplierId: string): Promise<WebhookListed[]>;
  /** The signing secret, for an admin of the supplier. */
  secret(supplierId: string, id: string): Promise<string | undefined>;
  /** Makes a new signing secret; the old one signs as well for `rotationOverlapMs`. */
  rotate(supplierId: string, id: string): Promise<string | undefined>;
  /** Makes a disabled webhook active again and what was held for it due; false: there is no such webhook, or the supplier is not active. */
  enable(supplierId: string, id: string): Promise<boolean>;
  /**
   * Renders anew the versions of every webhook, or of a supplier's, whose rendering would differ: the supplier or the public
   * address changed. Gives how many.
   */
  renewVersions(ofSupplier?: string): Promise<number>;
}

/** Told of whole objects: no subscription to notifications. */
const isWhole = (webhook: Webhook): boolean => !webhook.thin;

/** See `Subscriptions`. */
export function createSubscriptions(deps: SubscriptionDeps): Subscriptions {
  const { db, seal, now, newSecret, supplierPart } = deps;
  const writing = createWriting(deps);

  return {
    create: (by, { event, ...request }) =>
      db.transaction(async (tx): Promise<Asked<WebhookShown & { readonly signingSecret: string }>> => {
        const added = await writing.add(tx, by, {
          ...request,
          events: [event],
          thin: false,
          state: 'active',
          stateReason: null,
        });
        if (!added.ok) return added;
        const { webhook, signingSecret } = added.value;
        return { ok: true, value: { ...shown(webhook, seal), signingSecret } };
      }),

    list: async (by) =>
      (await connectionWebhooks(db.reader, by)).filter(isWhole).map((webhook) => shown(webhook, seal)),

    get: async (by, id) => {
      const webhook = await webhookById(db.reader, { supplierId: by.supplierId, id });
      return webhook?.connectionId === by.connectionId && isWhole(webhook) ? shown(webhook, seal) : undefined;
    },

    patch: (by, id, change) =>
      db.transaction(async (tx): Promise<Asked<WebhookShown> | undefined> => {
        const webhook = await writing.lock(tx, by, { id, thin: false });
        if (webhook === undefined) return undefined;
        const { url, headers, event, ...rest } = change(shown(webhook, seal));
        const sent = sentAfter({ ...(url && { url }), ...(headers && { headers }) }, webhook, seal);
        if (!sent.ok) return sent;
        const supplier = await supplierPart(tx, by.supplierId);
        const { language } = supplier;
        const events = event === undefined ? webhook.events : [event];
        const changed = await writing.change(tx, webhook, { ...rest, ...sent.value, events, language });
        await writing.render(tx, changed, supplier);
        return { ok: true, value: shown(changed, seal) };
      }),

    remove: (by, id) =>
      db.transaction(async (tx) => {
        const webhook = await writing.lock(tx, by, { id, thin: false });
        if (webhook !== undefined) await writing.remove(tx, webhook);
        return webhook !== undefined;
      }),

    removeByUrl: (by, target) =>
      db.transaction(async (tx) => {
        const { url } = splitCredentials(target.url);
        const hit = (webhook: Webhook): boolean =>
          isWhole(webhook) &&
          webhook.url === url &&
          (target.event === undefined || webhook.events.includes(target.event));
        const ids = (await connectionWebhooks(tx, by)).filter(hit).map((webhook) => webhook.id);
        let deleted = 0;
        for (const id of ids.sort()) {
          const webhook = await writing.lock(tx, by, { id, thin: false });
          if (webhook === undefined || !hit(webhook)) continue;
          await writing.remove(tx, webhook);
          deleted++;
        }
        return deleted;
      }),

    all: async (supplierId) => (await supplierWebhooks(db.reader, supplierId)).map((webhook) => listed(webhook, seal)),

    secret: async (supplierId, id) => {
      const webhook = await webhookById(db.reader, { supplierId, id });
      return webhook && seal.open(webhook.signingSecret);
    },

    rotate: (supplierId, id) =>
      db.transaction(async (tx) => {
        const webhook = await lockWebhook(tx, { supplierId, id });
        if (webhook === undefined) return undefined;
        const secret = newSecret();
        await writing.change(tx, webhook, {
          signingSecret: seal.seal(secret),
          previousSecret: webhook.signingSecret,
          previousUntil: now() + rotationOverlapMs,
        });
        return secret;
      }),

    enable: (supplierId, id) =>
      db.transaction(async (tx) => {
        if (!(await keepSupplier(tx, supplierId))) return false;
        const webhook = await lockWebhook(tx, { supplierId, id });
        if (webhook === undefined) return false;
        await writing.change(tx, webhook, { state: 'active', stateReason: null });
        await releaseOwed(tx, { webhookId: id, now: now() });
        tx.afterCommit(() => db.notify('deliveries'));
        return true;
      }),

    renewVersions: async (ofSupplier) => {
      let renewed = 0;
      const webhooks = ofSupplier === undefined ? allWebhooks(db.reader) : supplierWebhooks(db.reader, ofSupplier);
      for (const { id, supplierId } of await webhooks) {
        const changed = await db.transaction(async (tx) => {
          const webhook = await lockWebhook(tx, { supplierId, id });
          if (webhook === undefined) return false;
          const supplier = await supplierPart(tx, supplierId);
          const { language } = supplier;
          const current = webhook.language === language ? webhook : await writing.change(tx, webhook, { language });
          return writing.render(tx, current, supplier);
        });
        if (changed) renewed++;
      }
      return renewed;
    },
  };
}
