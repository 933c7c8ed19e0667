import { padded, places, portions, type Queryable, rows, type Tx } from '../../platform/db/index.ts';

/** The trace that an event began. */
export interface NewTrace {
  readonly eventId: string;
  readonly traceparent: string;
  readonly createdAt: number;
}

/** Stores traces. */
export function insertTraces(tx: Tx, traces: readonly NewTrace[]): void {
  for (const portion of portions(traces)) {
    tx.send(
      `insert into event_traces (event_id, traceparent, created_at) values ${rows(['text', 'text', 'bigint'], portion.length)}`,
      portion.flatMap(({ eventId, traceparent, createdAt }) => [eventId, traceparent, createdAt]),
    );
  }
}

/** The traces that deliveries are part of, by delivery; those of none are left out. */
export async function tracesOf(db: Queryable, deliveryIds: readonly string[]): Promise<Map<string, string>> {
  if (deliveryIds.length === 0) return new Map();
  const ids = padded(deliveryIds);
  const found = await db.all<{ readonly id: string; readonly traceparent: string }>(
    `select d.id, t.traceparent from deliveries d join event_traces t on t.event_id = d.event_id
      where d.id in (${places(ids.length)})`,
    ids,
  );
  return new Map(found.map((row) => [row.id, row.traceparent]));
}

/** Traces that one statement forgets. */
const forgottenAtOnce = 500;

/** Forgets a portion of the traces from before a time, ms UTC; gives whether there may be more. */
export async function forgetTraces(db: Queryable, before: number): Promise<boolean> {
  const forgotten = await db.run(
    `delete from event_traces where event_id in
       (select event_id from event_traces where created_at < $1 order by created_at limit ${forgottenAtOnce})`,
    [before],
  );
  return forgotten === forgottenAtOnce;
}
