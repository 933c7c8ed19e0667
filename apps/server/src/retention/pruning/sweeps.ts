import {
  deleteAttempts,
  deleteDeliveries,
  deleteVersions,
  deleteViews,
  endedAttempts,
  idsIn,
  lockDeliveriesOfViews,
  lockSpent,
  spentViews,
  unusedVersions,
} from './delivery-store.ts';
import { deleteEvents, notePruned, spentEvents } from './event-store.ts';
import { idAt } from './kept.ts';
import type { Sweep, SweepName } from './sweep.ts';

/** Rows that one transaction looks at: some ms of work, so that nobody waits for it. */
const atOnce = 200;

type Table = Parameters<typeof idsIn>[1];

/** Goes through a table by its primary key, whose ids (UUIDv7) sort by time, as far as it is old enough; `prune` takes care of a portion. */
function sweepOf(table: Table, prune: (...at: [...Parameters<Sweep>, readonly string[]]) => Promise<void>): Sweep {
  return async (tx, from) => {
    const ids = await idsIn(tx, table, { after: from.seen, before: idAt(from.before), limit: atOnce });
    if (ids.length > 0) await prune(tx, from, ids);
    return { seen: ids.at(-1) ?? from.seen, isEnd: ids.length < atOnce };
  };
}

/** The sweeps by name. */
export const sweeps: Readonly<Record<SweepName, Sweep>> = {
  attempts: sweepOf('attempts', async (tx, _from, ids) => {
    const ended = await endedAttempts(tx, ids);
    if (ended.length > 0) await deleteAttempts(tx, ended);
  }),
  bodies: sweepOf('views', async (tx, _from, ids) => {
    await lockDeliveriesOfViews(tx, ids);
    const spent = await spentViews(tx, ids);
    if (spent.length > 0) await deleteViews(tx, spent);
  }),
  deliveries: sweepOf('deliveries', async (tx, { before }, ids) => {
    const spent = await lockSpent(tx, ids, before);
    if (spent.length > 0) await deleteDeliveries(tx, spent);
  }),
  events: sweepOf('events', async (tx, { before }, ids) => {
    const spent = await spentEvents(tx, ids, before);
    if (spent.length === 0) return;
    await deleteEvents(
      tx,
      spent.map(({ id }) => id),
    );
    for (const [supplierId, of] of Map.groupBy(spent, (event) => event.supplierId)) {
      await notePruned(tx, supplierId, Math.max(...of.map(({ missingTo }) => missingTo)));
    }
  }),
  versions: sweepOf('webhook_versions', async (tx, { before }, ids) => {
    const unused = await unusedVersions(tx, ids, { before: idAt(before), beforeMs: before });
    if (unused.length > 0) await deleteVersions(tx, unused);
  }),
};
