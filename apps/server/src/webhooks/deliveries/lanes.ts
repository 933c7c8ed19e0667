import { type Db, padded, places, type Queryable, rows, type Tx } from '../../platform/db/index.ts';

const open = `state in ('pending', 'held')`;

/**
 * Makes the first open delivery of each lane its head, where it is not: its predecessor may have been settled by a transaction
 * that did not see it yet. The heads are locked first, so that whoever settles one of them now has ended, or will see it.
 */
export function mendHeads(
  db: Db,
  lanes: readonly { readonly webhookId: string; readonly lane: string }[],
): Promise<number> {
  const keys = padded(lanes);
  const first = `select (select d.id from deliveries d
                          where d.webhook_id = lanes.column1 and d.lane = lanes.column2 and d.${open} and d.in_lane = 1
                          order by d.position limit 1)
                   from (values ${rows(['text', 'text'], keys.length)}) as lanes`;
  const params = keys.flatMap((key) => [key.webhookId, key.lane]);
  return db.transaction(async (tx) => {
    tx.send(`select id from deliveries where id in (${first}) order by id${tx.dialect.forUpdate}`, params);
    return tx.run(`update deliveries set is_head = 1 where is_head = 0 and id in (${first})`, params);
  });
}

/**
 * Where these deliveries have ended, or were set aside, makes the next open one of each lane its head; gives the webhooks whose lanes
 * went on. `ahead`: what goes now goes ahead of one that has not arrived.
 */
export async function promoteNext(tx: Tx, ids: readonly string[], ahead = false): Promise<string[]> {
  if (ids.length === 0) return [];
  const ended = padded(ids);
  const promoted = await tx.all<{ readonly webhook_id: string }>(
    `update deliveries set is_head = 1${ahead ? ', out_of_order = 1' : ''}
      where is_head = 0
        and id in (select (select next.id from deliveries next
                            where next.webhook_id = ended.webhook_id and next.lane = ended.lane
                              and next.${open} and next.in_lane = 1
                            order by next.position limit 1)
                     from deliveries ended
                    where ended.id in (${places(ended.length)})
                      and ended.in_lane = ${ahead ? '0' : `1 and ended.state not in ('pending', 'held')`})
      returning webhook_id`,
    ended,
  );
  return promoted.map((row) => row.webhook_id);
}

/** Where a sweep of lanes has got to. */
export interface LaneCursor {
  readonly webhookId: string;
  readonly state: string;
  readonly lane: string;
}

/** Lanes that one statement looks at. */
const sweptAtOnce = 500;

/**
 * Repairs lanes whose first open delivery is not marked as head, a portion of those that have deliveries waiting; gives how many there
 * were, and where to go on (null: all were looked at).
 */
export async function sweepHeads(
  db: Queryable,
  after: LaneCursor | null,
): Promise<{ readonly repaired: number; readonly next: LaneCursor | null }> {
  const waiting = `d.is_head = 0 and d.in_lane = 1 and d.${open}`;
  const key = 'd.webhook_id, d.state, d.lane';
  const inOrder = `order by ${key}, d.position limit 1`;
  const lanes = await db.all<LaneCursor & { readonly id: string }>(
    `with recursive lanes (id, webhook_id, state, lane) as (
       select w.id, w.webhook_id, w.state, w.lane from deliveries w
        where w.id = (select d.id from deliveries d where ${waiting} and (${key}) > ($1, $2, $3) ${inOrder})
       union all
       select w.id, w.webhook_id, w.state, w.lane
         from lanes join deliveries w
           on w.id = (select d.id from deliveries d
                       where ${waiting} and (${key}) > (lanes.webhook_id, lanes.state, lanes.lane) ${inOrder})
     )
     select id, webhook_id as "webhookId", state, lane from lanes limit ${sweptAtOnce}`,
    [after?.webhookId ?? '', after?.state ?? '', after?.lane ?? ''],
  );
  if (lanes.length === 0) return { repaired: 0, next: null };
  const ids = padded(lanes.map((lane) => lane.id));
  const repaired = await db.run(
    `update deliveries set is_head = 1
      where is_head = 0 and id in (${places(ids.length)}) and ${open}
        and not exists (select 1 from deliveries earlier
                         where earlier.webhook_id = deliveries.webhook_id and earlier.lane = deliveries.lane
                           and earlier.${open} and earlier.in_lane = 1 and earlier.position < deliveries.position)`,
    ids,
  );
  const last = lanes.at(-1);
  return { repaired, next: lanes.length === sweptAtOnce && last !== undefined ? last : null };
}

/** Deliveries that are set aside by one statement. */
const setAsideAtOnce = 200;

/**
 * Sets aside deliveries that have failed for as long as their webhook lets them hold back their lane, and lets the next of each lane
 * go, marked as out of order. Where the whole webhook rests, nothing is set aside: what waits there would not arrive either. Gives the
 * webhooks whose lanes went on, and whether there may be more.
 */
export function setAside(db: Db, now: number): Promise<{ readonly webhooks: string[]; readonly more: boolean }> {
  return db.transaction(async (tx) => {
    const due = await tx.all<{ readonly id: string; readonly resting: number; readonly hold_for_ms: number }>(
      `select d.id, case when h.resting_until is null then 0 else 1 end as resting, w.hold_for_ms
         from deliveries d
         join webhooks w on w.id = d.webhook_id
         left join webhook_health h on h.webhook_id = d.webhook_id
        where d.hold_until <= $1 and d.hold_until is not null and d.state = 'pending' and d.in_lane = 1
          -- What is under way may succeed, and what is due has not been tried since the time came.
          and d.lease_until <= ${tx.dialect.nowMs} and d.due_at > $1
        order by d.hold_until limit ${setAsideAtOnce}`,
      [now],
    );
    const resting = due.filter((one) => one.resting === 1);
    for (const one of resting) {
      tx.send('update deliveries set hold_until = $2 where id = $1', [one.id, now + one.hold_for_ms]);
    }
    const aside = due.filter((one) => one.resting === 0).map((one) => one.id);
    const more = due.length === setAsideAtOnce;
    if (aside.length === 0) return { webhooks: [], more };
    const ids = padded(aside.sort());
    tx.send(
      `update deliveries set in_lane = 0, hold_until = null
        where id in (${places(ids.length)}) and state = 'pending' and in_lane = 1 and lease_token is null`,
      ids,
    );
    return { webhooks: await promoteNext(tx, aside, true), more };
  });
}
