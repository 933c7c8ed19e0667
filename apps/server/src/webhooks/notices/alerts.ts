import type { Db } from '../../platform/db/index.ts';
import type { Seal } from '../subscriptions/webhook.ts';
import { type AlertsRow, lockAlerts, supplierAlerts, writeAlerts } from './alerts-store.ts';
import { type NoticeListed, supplierNotices } from './store.ts';

/** Where operators are told, as it is shown. */
export type AlertsShown = Pick<AlertsRow, 'emails' | 'url'>;

/** Where a supplier's operators are told how it goes with its webhooks, and what they were told. */
export interface Alerts {
  get(supplierId: string): Promise<AlertsShown>;
  /**
   * Changes what is given; what is left out stays as it is. Another URL gets a secret of its own, which is given this once; calls
   * are signed with it.
   */
  change(
    supplierId: string,
    changes: Partial<AlertsShown>,
  ): Promise<AlertsShown & { readonly signingSecret: string | null }>;
  /** Newest first; `before` is the id of the last one of the page before. */
  notices(
    supplierId: string,
    page: { readonly before: string | null; readonly limit: number },
  ): Promise<NoticeListed[]>;
}

/** See `Alerts`. `newSecret` gives a fresh `whsec_…`. */
export function createAlerts(deps: {
  readonly db: Db;
  readonly seal: Seal;
  readonly now: () => number;
  readonly newSecret: () => string;
}): Alerts {
  const { db, seal, now, newSecret } = deps;
  return {
    async get(supplierId) {
      const { emails, url } = await supplierAlerts(db.reader, supplierId);
      return { emails, url };
    },
    change: (supplierId, changes) =>
      db.transaction(async (tx) => {
        const current = await lockAlerts(tx, supplierId, now());
        const { emails, url } = { ...current, ...changes };
        const signingSecret = url !== null && url !== current.url ? newSecret() : null;
        const kept = url === null ? null : current.secret;
        const secret = signingSecret === null ? kept : seal.seal(signingSecret);
        await writeAlerts(tx, supplierId, { emails, url, secret }, now());
        return { emails, url, signingSecret };
      }),
    notices: (supplierId, page) => supplierNotices(db.reader, { supplierId, ...page }),
  };
}
