import type { EventType } from '@carillon/contract';
import { createOversight, type Oversight } from './oversight.ts';
import { sentAfter, splitCredentials } from './secrets.ts';
import { createSettings, type Settings, type SettingsChange, settingsAfter } from './settings.ts';
import { allWebhooks, connectionWebhooks, lockWebhook, supplierWebhooks, webhookById } from './store.ts';
import {
  type Asked,
  type Party,
  shown,
  type Webhook,
  type WebhookChange,
  type WebhookRequest,
  type WebhookShown,
} from './webhook.ts';
import { createWriting, type SubscriptionDeps } from './writing.ts';

/** A connection's webhooks: made, listed, changed, deleted; and all of a supplier's, for whoever runs them. */
export interface Subscriptions extends Oversight, Settings {
  create(
    by: Party,
    request: WebhookRequest,
    settings?: SettingsChange,
  ): Promise<Asked<WebhookShown & { readonly signingSecret: string }>>;
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
  const { db, seal, now, supplierPart } = deps;
  const writing = createWriting(deps);

  return {
    ...createOversight(deps, writing),
    ...createSettings(deps, writing),

    create: (by, { event, ...request }, settings = {}) =>
      db.transaction(async (tx): Promise<Asked<WebhookShown & { readonly signingSecret: string }>> => {
        const stored = settingsAfter(settings, undefined, { seal, now: now() });
        if (!stored.ok) return stored;
        const added = await writing.add(tx, by, {
          ...request,
          ...stored.value,
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
