import type { Db, Tx } from '../../platform/db/index.ts';
import { addressHash } from '../address-hash.ts';
import type { StoredProvider } from '../providers/store.ts';
import { liftFrom } from '../suppressions/store.ts';
import { type SuppressingDeps, suppressAddress } from '../suppressions/suppress.ts';
import type { Report } from './report.ts';
import { insertEvents, knownMessages, messagesByRef, type NewEvent, provenSent } from './store.ts';

/** What taking reports needs. `notify` tells that other providers are to hear of a suppression. */
export interface TakingDeps extends SuppressingDeps {
  readonly db: Db;
  readonly notify: () => void;
}

/** Reports in one transaction. */
const atOnce = 200;

/**
 * Takes what a provider of a supplier reports: each report is noted with the message of that supplier that it is about, once however
 * often it comes, and in any order; one of no message of ours may still suppress its address. Answers with how many were noted.
 */
export async function takeReports(
  provider: Pick<StoredProvider, 'supplierId' | 'kind'>,
  reports: readonly Report[],
  deps: TakingDeps,
): Promise<number> {
  let noted = 0;
  for (let start = 0; start < reports.length; start += atOnce) {
    const portion = reports.slice(start, start + atOnce);
    noted += await deps.db.transaction((tx) => take(tx, provider, portion, deps));
  }
  return noted;
}

async function take(
  tx: Tx,
  { supplierId, kind: source }: Pick<StoredProvider, 'supplierId' | 'kind'>,
  reports: readonly Report[],
  deps: TakingDeps,
): Promise<number> {
  const names = [...new Set(reports.flatMap(({ name }) => name ?? []))];
  const refs = [...new Set(reports.flatMap(({ ref }) => ref ?? []))];
  const [known, byRef] = await Promise.all([knownMessages(tx, supplierId, names), messagesByRef(tx, supplierId, refs)]);
  const receivedAt = deps.now();
  const events = reports.flatMap(({ name, ref, kind, detail, happenedAt, fingerprint }): NewEvent[] => {
    const messageId = name !== null && known.has(name) ? name : ref === null ? undefined : byRef.get(ref);
    if (messageId === undefined || kind === null) return [];
    return [{ id: deps.newId(), messageId, kind, detail, happenedAt, receivedAt, fingerprint }];
  });
  // In the order of the messages' ids, for others may take reports of the same ones.
  const ordered = events.toSorted((a, b) => (a.messageId < b.messageId ? -1 : 1));
  await insertEvents(tx, uniqueOf(ordered));
  await provenSent(tx, [...new Set(ordered.map(({ messageId }) => messageId))]);

  const changed = reports
    .filter(({ address, suppression }) => address !== null && suppression !== null)
    .toSorted((a, b) => ((a.address ?? '') < (b.address ?? '') ? -1 : 1));
  for (const { address, suppression } of changed) {
    if (address === null || suppression === null) continue;
    if (suppression === 'lift') await liftFrom(tx, { supplierId, addressHash: addressHash(address), source });
    else if (await suppressAddress(tx, { supplierId, address, source, ...suppression }, deps))
      tx.afterCommit(deps.notify);
  }
  return events.length;
}

/** A statement may not meet the same row twice. */
const uniqueOf = (events: readonly NewEvent[]): NewEvent[] => [
  ...new Map(events.map((event) => [`${event.messageId} ${event.fingerprint}`, event])).values(),
];
