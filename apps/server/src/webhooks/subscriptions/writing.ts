import type { Db, Queryable, Tx } from '../../platform/db/index.ts';
import { cancelOwed, followState } from '../deliveries/standing-store.ts';
import { hearsAll, keepConnection, keepSupplier } from './party-store.ts';
import { sentAfter } from './secrets.ts';
import { countWebhooks, insertWebhook, lockWebhook, updateWebhook } from './store.ts';
import { type Telling, usualTelling } from './telling.ts';
import { renderVersions, type SupplierPart } from './version.ts';
import { currentVersions, replaceVersions } from './version-store.ts';
import { type Asked, type Party, type Seal, usualSending, type Webhook, webhookDeleted } from './webhook.ts';

/** So many webhooks a connection may have: a change is recorded together with what it owes to each of them. */
export const mostWebhooks = 100;

/** What the subscriptions need; `newSecret` gives a fresh `whsec_…`. */
export interface SubscriptionDeps {
  readonly db: Db;
  readonly seal: Seal;
  readonly now: () => number;
  readonly newId: () => string;
  readonly newSecret: () => string;
  readonly supplierPart: (db: Queryable, supplierId: string) => Promise<SupplierPart>;
}

/** What a new webhook is to be; `url` may carry `user:password@`. */
export type NewWebhook = Pick<
  Webhook,
  'events' | 'thin' | 'capabilities' | 'useContactLanguage' | 'retryOnError' | 'state' | 'stateReason'
> & {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly telling?: Telling;
  /** Sealed. */
  readonly authentication?: string | null;
};

/** Writes webhooks with what follows from them, in transactions of the caller's. */
export interface Writing {
  /** Makes one for a connection whose supplier is active; `signingSecret` is shown this once. */
  add(
    tx: Tx,
    by: Party,
    wanted: NewWebhook,
  ): Promise<Asked<{ readonly webhook: Webhook; readonly signingSecret: string }>>;
  /** A connection's own, its row locked for a change; undefined also where the connection is deleted or its supplier not active. */
  lock(tx: Tx, by: Party, key: { readonly id: string; readonly thin: boolean }): Promise<Webhook | undefined>;
  /** Writes one whose row is locked, as changed. */
  change(tx: Tx, webhook: Webhook, changes: Partial<Webhook>): Promise<Webhook>;
  /** Renders its versions anew; false: they are as they were. */
  render(tx: Tx, webhook: Webhook, supplier: SupplierPart): Promise<boolean>;
  /** Deletes one whose row is locked; what it is still owed is cancelled. */
  remove(tx: Tx, webhook: Webhook): Promise<void>;
}

/** Whether a connection may write webhooks. Its key was asked when the call came in; it may have been deleted since. */
async function keepParty(tx: Tx, by: Party, alone: boolean): Promise<boolean> {
  const [supplier, connection] = await Promise.all([keepSupplier(tx, by.supplierId), keepConnection(tx, by, alone)]);
  return supplier && connection;
}

/** See `Writing`. */
export function createWriting({ db, seal, now, newId, newSecret, supplierPart }: SubscriptionDeps): Writing {
  async function change(tx: Tx, webhook: Webhook, changes: Partial<Webhook>): Promise<Webhook> {
    const changed = { ...webhook, ...changes, revision: webhook.revision + 1, updatedAt: now() };
    await updateWebhook(tx, changed);
    // What waits in memory was claimed with the webhook as it was.
    tx.afterCommit(() => db.notify('standing'));
    return changed;
  }

  async function render(tx: Tx, webhook: Webhook, supplier: SupplierPart): Promise<boolean> {
    const wanted = renderVersions(webhook, supplier, seal);
    const current = await currentVersions(tx, webhook.id);
    const same =
      wanted.size === current.size && [...wanted].every(([language, body]) => current.get(language)?.body === body);
    if (same) return false;
    const versions = [...wanted].map(([language, body]) => ({ id: newId(), webhookId: webhook.id, language, body }));
    await replaceVersions(tx, versions);
    return true;
  }

  return {
    change,
    render,
    async add(tx, by, { url, headers, ...wanted }) {
      // Alone, so that those who count at once do not each find room for one more.
      if (!(await keepParty(tx, by, true))) {
        return { ok: false, refusal: { kind: 'bad_request', message: 'the connection or its supplier is not active' } };
      }
      if ((await countWebhooks(tx, by)) >= mostWebhooks) {
        const message = `a connection may have at most ${mostWebhooks} webhooks: delete one first`;
        return { ok: false, refusal: { kind: 'bad_request', message } };
      }
      const sent = sentAfter({ url, headers }, undefined, seal);
      if (!sent.ok) return sent;
      const supplier = await supplierPart(tx, by.supplierId);
      const signingSecret = newSecret();
      const webhook: Webhook = {
        id: newId(),
        supplierId: by.supplierId,
        connectionId: by.connectionId,
        ...wanted,
        ...sent.value,
        paused: false,
        hearsAll: await hearsAll(tx, by),
        sending: usualSending,
        telling: wanted.telling ?? usualTelling,
        authentication: wanted.authentication ?? null,
        language: supplier.language,
        signingSecret: seal.seal(signingSecret),
        previousSecret: null,
        previousUntil: null,
        revision: 1,
        createdAt: now(),
        updatedAt: now(),
      };
      await insertWebhook(tx, webhook);
      await render(tx, webhook, supplier);
      return { ok: true, value: { webhook, signingSecret } };
    },
    async lock(tx, by, { id, thin }) {
      if (!(await keepParty(tx, by, false))) return undefined;
      const webhook = await lockWebhook(tx, { supplierId: by.supplierId, id });
      return webhook?.connectionId === by.connectionId && webhook.thin === thin ? webhook : undefined;
    },
    async remove(tx, webhook) {
      await change(tx, webhook, { state: 'deleted', stateReason: webhookDeleted });
      await cancelOwed(tx, { webhookId: webhook.id, reason: webhookDeleted, now: now() });
      followState(db, tx, [webhook.id]);
    },
  };
}
