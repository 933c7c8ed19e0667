import { expect, vi } from 'vitest';
import type { Db } from '../../src/platform/db/index.ts';
import type { Arrival } from './receiver.ts';

interface Owed {
  readonly id: string;
  readonly webhook_id: string;
  readonly lane: string;
  readonly position: number;
  readonly state: string;
}

/** How many deliveries have not ended. */
export async function openDeliveries(db: Db): Promise<number> {
  const [row] = await db.all<{ n: number }>(`select count(*) as n from deliveries where state in ('pending', 'held')`);
  return row?.n ?? 0;
}

/** The deliveries that somebody holds a lease on, of one process or of all. */
export async function leased(db: Db, node?: string): Promise<string[]> {
  const rows = await db.all<{ id: string }>(
    `select id from deliveries where state = 'pending' and lease_token is not null and (lease_token = $1 or $1 is null)`,
    [node ?? null],
  );
  return rows.map(({ id }) => id);
}

/** The name of a process's leases, which it says as soon as it works. */
export function leaseOf(said: readonly string[]): Promise<string> {
  return vi.waitFor(
    () => {
      const line = said.find((each) => each.includes('node.working'));
      if (line === undefined) throw new Error('it does not work yet');
      return (JSON.parse(line) as { node: string }).node;
    },
    { timeout: 10_000, interval: 10 },
  );
}

/** Lets the leases of processes that are gone run out now, which takes a minute otherwise. */
export async function endLeases(db: Db, node?: string): Promise<void> {
  await db.run(
    'update deliveries set lease_until = 0 where lease_token is not null and (lease_token = $1 or $1 is null)',
    [node ?? null],
  );
}

/**
 * Compares what receivers got with the events: of every change of a booking there is one delivery to each webhook, each arrived,
 * first arrivals in order of position, and none twice but `mayRepeat`. Gives how many arrived more than once.
 */
export async function expectComplete(
  db: Db,
  arrivals: readonly Arrival[],
  { webhooks, mayRepeat }: { readonly webhooks: number; readonly mayRepeat: ReadonlySet<string> },
): Promise<{ readonly deliveries: number; readonly repeated: number }> {
  const owed = await db.all<Owed>('select id, webhook_id, lane, position, state from deliveries');
  const [events] = await db.all<{ n: number }>(
    `select count(*) as n from events where type = 'booking_update' and before_event_id is not null`,
  );
  expect(owed).toHaveLength((events?.n ?? 0) * webhooks);
  expect(owed.filter(({ state }) => state !== 'delivered')).toEqual([]);

  const times = new Map<string, number>();
  for (const { id } of arrivals) times.set(id, (times.get(id) ?? 0) + 1);
  expect(owed.filter(({ id }) => !times.has(id))).toEqual([]);
  expect(times.size).toBe(owed.length);
  const repeated = [...times].filter(([, count]) => count > 1).map(([id]) => id);
  expect(repeated.filter((id) => !mayRepeat.has(id))).toEqual([]);

  // A map keeps the order in which its keys came first.
  const arrived = new Map([...times.keys()].map((id, index) => [id, index]));
  for (const lane of Map.groupBy(owed, ({ webhook_id, lane }) => `${webhook_id} ${lane}`).values()) {
    const byPosition = lane.toSorted((a, b) => a.position - b.position);
    const byArrival = lane.toSorted((a, b) => (arrived.get(a.id) ?? 0) - (arrived.get(b.id) ?? 0));
    expect(byArrival.map(({ position }) => position)).toEqual(byPosition.map(({ position }) => position));
  }
  return { deliveries: owed.length, repeated: repeated.length };
}

/** Every change that a guest was told of is among the events, in order; there may be one more, whose answer was cut off. */
export async function expectAcknowledged(db: Db, acknowledged: ReadonlyMap<string, readonly string[]>): Promise<void> {
  const events = await db.all<{ subject_id: string; after: string }>(
    `select subject_id, after from events where type = 'booking_update' and before_event_id is not null order by position`,
  );
  const notes = Map.groupBy(events, ({ subject_id }) => subject_id);
  for (const [uuid, told] of acknowledged) {
    const recorded = (notes.get(uuid) ?? []).map(({ after }) => (JSON.parse(after) as { notes: string }).notes);
    expect(recorded.slice(0, told.length)).toEqual(told);
    expect(recorded.length - told.length).toBeLessThanOrEqual(1);
  }
}
