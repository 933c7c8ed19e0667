import type { EventType } from '@carillon/contract';
import type { Db, Queryable, Tx } from '../../platform/db/index.ts';
import {
  allWebhooks,
  cancelOwed,
  currentVersions,
  insertWebhook,
  listWebhooks,
  releaseOwed,
  replaceVersions,
  updateWebhook,
  webhookById,
} from './store.ts';
import { renderVersions, type SupplierPart } from './version.ts';
import {
  type Party,
  type Seal,
  shown,
  splitCredentials,
  type Webhook,
  type WebhookRequest,
  type WebhookShown,
} from './webhook.ts';

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

/** A connection's webhooks: made, listed, changed, deleted; and for admins, their signing secrets. */
export interface Subscriptions {
  create(by: Party, request: WebhookRequest): Promise<WebhookShown & { readonly signingSecret: string }>;
  list(by: Party): Promise<WebhookShown[]>;
  get(by: Party, id: string): Promise<WebhookShown | undefined>;
  /** Undefined: the connection has no such webhook. */
  patch(by: Party, id: string, request: Partial<WebhookRequest>): Promise<WebhookShown | undefined>;
  /** False: the connection has no such webhook. What it is still owed is cancelled. */
  remove(by: Party, id: string): Promise<boolean>;
  /** Deletes the connection's webhooks to a URL (its credentials do not matter), of one event or of all; gives how many. */
  removeByUrl(by: Party, target: { readonly url: string; readonly event?: EventType }): Promise<number>;
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

  async function own(tx: Queryable, by: Party, id: string): Promise<Webhook | undefined> {
    const webhook = await webhookById(tx, { supplierId: by.supplierId, id });
    return webhook?.connectionId === by.connectionId ? webhook : undefined;
  }

  async function deleteIn(tx: Tx, webhook: Webhook): Promise<void> {
    await updateWebhook(tx, { ...webhook, state: 'deleted', revision: webhook.revision + 1, updatedAt: now() });
    await cancelOwed(tx, webhook.id, 'the webhook was deleted', now());
  }

  return {
    create: (by, request) =>
      db.transaction(async (tx) => {
        const supplier = await supplierPart(tx, by.supplierId);
        const signingSecret = newSecret();
        const webhook: Webhook = {
          id: newId(),
          supplierId: by.supplierId,
          connectionId: by.connectionId,
          event: request.event,
          ...splitCredentials(request.url, seal),
          headers: seal.seal(JSON.stringify(request.headers)),
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
        return { ...shown(webhook, seal), signingSecret };
      }),

    list: async (by) => (await listWebhooks(db.reader, by)).map((webhook) => shown(webhook, seal)),

    get: async (by, id) => {
      const webhook = await own(db, by, id);
      return webhook && shown(webhook, seal);
    },

    patch: (by, id, request) =>
      db.transaction(async (tx) => {
        const webhook = await own(tx, by, id);
        if (webhook === undefined) return undefined;
        const { url, headers, ...rest } = request;
        const changed: Webhook = {
          ...webhook,
          ...rest,
          ...(url === undefined ? {} : splitCredentials(url, seal)),
          ...(headers === undefined ? {} : { headers: seal.seal(JSON.stringify(headers)) }),
          revision: webhook.revision + 1,
          updatedAt: now(),
        };
        await updateWebhook(tx, changed);
        await writeVersions(tx, changed, await supplierPart(tx, by.supplierId));
        return shown(changed, seal);
      }),

    remove: (by, id) =>
      db.transaction(async (tx) => {
        const webhook = await own(tx, by, id);
        if (webhook !== undefined) await deleteIn(tx, webhook);
        return webhook !== undefined;
      }),

    removeByUrl: (by, target) =>
      db.transaction(async (tx) => {
        const { url } = splitCredentials(target.url, seal);
        const owned = await listWebhooks(tx, by);
        const hits = owned.filter(
          (webhook) => webhook.url === url && (target.event ?? webhook.event) === webhook.event,
        );
        for (const webhook of hits) await deleteIn(tx, webhook);
        return hits.length;
      }),

    secret: async (supplierId, id) => {
      const webhook = await webhookById(db, { supplierId, id });
      return webhook && seal.open(webhook.signingSecret);
    },

    rotate: (supplierId, id) =>
      db.transaction(async (tx) => {
        const webhook = await webhookById(tx, { supplierId, id });
        if (webhook === undefined) return undefined;
        const secret = newSecret();
        await updateWebhook(tx, {
          ...webhook,
          signingSecret: seal.seal(secret),
          previousSecret: webhook.signingSecret,
          previousUntil: now() + rotationOverlapMs,
          revision: webhook.revision + 1,
          updatedAt: now(),
        });
        return secret;
      }),

    enable: (supplierId, id) =>
      db.transaction(async (tx) => {
        const webhook = await webhookById(tx, { supplierId, id });
        if (webhook === undefined) return false;
        const revision = webhook.revision + 1;
        await updateWebhook(tx, { ...webhook, state: 'active', stateReason: null, revision, updatedAt: now() });
        await releaseOwed(tx, id, now());
        tx.afterCommit(() => db.notify('deliveries'));
        return true;
      }),

    renewVersions: async () => {
      let renewed = 0;
      for (const { id, supplierId } of await allWebhooks(db.reader)) {
        const changed = await db.transaction(async (tx) => {
          const webhook = await webhookById(tx, { supplierId, id });
          return webhook !== undefined && writeVersions(tx, webhook, await supplierPart(tx, supplierId));
        });
        if (changed) renewed++;
      }
      return renewed;
    },
  };
}
