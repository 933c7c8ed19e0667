import type { EventType } from '@carillon/contract';
import type { Db, Queryable, Tx } from '../../platform/db/index.ts';
import { cancelOwed, releaseOwed } from '../deliveries/store.ts';
import { sentAfter, splitCredentials } from './secrets.ts';
import {
  allWebhooks,
  connectionWebhooks,
  countWebhooks,
  currentVersions,
  insertWebhook,
  lockWebhook,
  replaceVersions,
  supplierWebhooks,
  updateWebhook,
  webhookById,
} from './store.ts';
import { renderVersions, type SupplierPart } from './version.ts';
import {
  type Asked,
  listed,
  type Party,
  type Seal,
  shown,
  type Webhook,
  type WebhookChange,
  type WebhookListed,
  type WebhookRequest,
  type WebhookShown,
  webhookDeleted,
} from './webhook.ts';

/** So many webhooks a connection may have: a change is recorded together with what it owes to each of them. */
export const mostWebhooks = 100;

/** How long the previous signing secret signs as well after a rotation, ms (Standard Webhooks: sign with old and new). */
export const rotationOverlapMs = 24 * 3_600_000;

/** What the subscriptions need; `newSecret` gives a fresh `whsec_…`. */
export interface SubscriptionDeps {
  readonly db: Db;
  readonly seal: Seal;
  readonly now: () => number;
  readonly newId: () => string;
  readonly newSecret: () => string;
  readonly supplierPart: (db: Queryable, supplierId: string) => Promise<SupplierPart>;
}

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
  /** Makes a disabled webhook active again and what was held for it due; false: there is no such webhook. */
  enable(supplierId: string, id: string): Promise<boolean>;
  /** Renders anew the versions of every webhook whose rendering would differ: the supplier or the public address changed. */
  renewVersions(): Promise<number>;
}

/** See `Subscriptions`. */
export function createSubscriptions(deps: SubscriptionDeps): Subscriptions {
  const { db, seal, now, newId, newSecret, supplierPart } = deps;

  async function writeVersions(tx: Tx, webhook: Webhook, supplier: SupplierPart): Promise<boolean> {
    const wanted = renderVersions(shown(webhook, seal), supplier);
    const current = await currentVersions(tx, webhook.id);
    const same =
      wanted.size === current.size && [...wanted].every(([language, body]) => current.get(language) === body);
    if (same) return false;
    const versions = [...wanted].map(([language, body]) => ({ id: newId(), webhookId: webhook.id, language, body }));
    await replaceVersions(tx, versions);
    return true;
  }

  /** Takes the row's lock, for a change. */
  async function lockOwn(tx: Tx, by: Party, id: string): Promise<Webhook | undefined> {
    const webhook = await lockWebhook(tx, { supplierId: by.supplierId, id });
    return webhook?.connectionId === by.connectionId ? webhook : undefined;
  }

  /** Writes a webhook whose row is locked, as changed. */
  async function write(tx: Tx, webhook: Webhook, changes: Partial<Webhook>): Promise<Webhook> {
    const changed = { ...webhook, ...changes, revision: webhook.revision + 1, updatedAt: now() };
    await updateWebhook(tx, changed);
    return changed;
  }

  async function deleteIn(tx: Tx, webhook: Webhook): Promise<void> {
    await write(tx, webhook, { state: 'deleted', stateReason: webhookDeleted });
    await cancelOwed(tx, { webhookId: webhook.id, reason: webhookDeleted, now: now() });
  }

  return {
    create: (by, request) =>
      db.transaction(async (tx): Promise<Asked<WebhookShown & { readonly signingSecret: string }>> => {
        if ((await countWebhooks(tx, by)) >= mostWebhooks) {
          const message = `a connection may have at most ${mostWebhooks} webhooks: delete one first`;
          return { ok: false, refusal: { kind: 'bad_request', message } };
        }
        const sent = sentAfter(request, undefined, seal);
        if (!sent.ok) return sent;
        const supplier = await supplierPart(tx, by.supplierId);
        const signingSecret = newSecret();
        const webhook: Webhook = {
          id: newId(),
          supplierId: by.supplierId,
          connectionId: by.connectionId,
          event: request.event,
          ...sent.value,
          capabilities: request.capabilities,
          useContactLanguage: request.useContactLanguage,
          retryOnError: request.retryOnError,
          language: supplier.language,
          signingSecret: seal.seal(signingSecret),
          previousSecret: null,
          previousUntil: null,
          state: 'active',
          stateReason: null,
          revision: 1,
          createdAt: now(),
          updatedAt: now(),
        };
        await insertWebhook(tx, webhook);
        await writeVersions(tx, webhook, supplier);
        return { ok: true, value: { ...shown(webhook, seal), signingSecret } };
      }),

    list: async (by) => (await connectionWebhooks(db.reader, by)).map((webhook) => shown(webhook, seal)),

    get: async (by, id) => {
      const webhook = await webhookById(db.reader, { supplierId: by.supplierId, id });
      return webhook?.connectionId === by.connectionId ? shown(webhook, seal) : undefined;
    },

    patch: (by, id, change) =>
      db.transaction(async (tx): Promise<Asked<WebhookShown> | undefined> => {
        const webhook = await lockOwn(tx, by, id);
        if (webhook === undefined) return undefined;
        const { url, headers, ...rest } = change(shown(webhook, seal));
        const sent = sentAfter({ ...(url && { url }), ...(headers && { headers }) }, webhook, seal);
        if (!sent.ok) return sent;
        const supplier = await supplierPart(tx, by.supplierId);
        const changed = await write(tx, webhook, { ...rest, ...sent.value, language: supplier.language });
        await writeVersions(tx, changed, supplier);
        return { ok: true, value: shown(changed, seal) };
      }),

    remove: (by, id) =>
      db.transaction(async (tx) => {
        const webhook = await lockOwn(tx, by, id);
        if (webhook !== undefined) await deleteIn(tx, webhook);
        return webhook !== undefined;
      }),

    removeByUrl: (by, target) =>
      db.transaction(async (tx) => {
        const { url } = splitCredentials(target.url);
        const hit = (webhook: Webhook): boolean =>
          webhook.url === url && (target.event ?? webhook.event) === webhook.event;
        const ids = (await connectionWebhooks(tx, by)).filter(hit).map((webhook) => webhook.id);
        let deleted = 0;
        for (const id of ids.sort()) {
          const webhook = await lockOwn(tx, by, id);
          if (webhook === undefined || !hit(webhook)) continue;
          await deleteIn(tx, webhook);
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
        await write(tx, webhook, {
          signingSecret: seal.seal(secret),
          previousSecret: webhook.signingSecret,
          previousUntil: now() + rotationOverlapMs,
        });
        return secret;
      }),

    enable: (supplierId, id) =>
      db.transaction(async (tx) => {
        const webhook = await lockWebhook(tx, { supplierId, id });
        if (webhook === undefined) return false;
        await write(tx, webhook, { state: 'active', stateReason: null });
        await releaseOwed(tx, { webhookId: id, now: now() });
        tx.afterCommit(() => db.notify('deliveries'));
        return true;
      }),

    renewVersions: async () => {
      let renewed = 0;
      for (const { id, supplierId } of await allWebhooks(db.reader)) {
        const changed = await db.transaction(async (tx) => {
          const webhook = await lockWebhook(tx, { supplierId, id });
          if (webhook === undefined) return false;
          const supplier = await supplierPart(tx, supplierId);
          const { language } = supplier;
          const current = webhook.language === language ? webhook : await write(tx, webhook, { language });
          return writeVersions(tx, current, supplier);
        });
        if (changed) renewed++;
      }
      return renewed;
    },
  };
}
