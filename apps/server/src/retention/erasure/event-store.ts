import { padded, places, type Queryable, type Tx } from '../../platform/db/index.ts';

/** An event with its documents as they are stored. */
export interface EventTexts {
  readonly id: string;
  readonly sequence: number;
  readonly type: string;
  readonly subjectId: string;
  readonly before: string | null;
  readonly after: string;
}

const columns = `id, sequence, type, subject_id as "subjectId", before, after`;

/** The first events after a place in the order of a supplier's, up to another place. */
export function textsInOrder(
  db: Queryable,
  stretch: { readonly supplierId: string; readonly after: number; readonly until: number; readonly limit: number },
): Promise<EventTexts[]> {
  return db.all(
    `select ${columns} from events where supplier_id = $1 and sequence > $2 and sequence <= $3 order by sequence limit $4`,
    [stretch.supplierId, stretch.after, stretch.until, stretch.limit],
  );
}

/** Locks a supplier's order, as whoever changes it or one of its bookings does; false: there is none. */
export async function lockOrder(tx: Tx, supplierId: string, orderId: string): Promise<boolean> {
  const found = await tx.all(`select id from orders where id = $1 and supplier_id = $2${tx.dialect.forUpdate}`, [
    orderId,
    supplierId,
  ]);
  return found.length > 0;
}

/** All events of an order and of its bookings. */
export async function eventsOfOrder(tx: Tx, supplierId: string, orderId: string): Promise<EventTexts[]> {
  return tx.all(
    `select ${columns} from events where supplier_id = $1 and type = 'order_update' and subject_id = $2
     union all
     select ${columns} from events
      where supplier_id = $1 and type = 'booking_update'
        and subject_id in (select uuid from bookings where order_id = $2 and supplier_id = $1)`,
    [supplierId, orderId],
  );
}

/** Writes the documents of an event anew. */
export function writeTexts(tx: Tx, event: Pick<EventTexts, 'id' | 'before' | 'after'>): void {
  tx.send('update events set before = $2, after = $3 where id = $1', [event.id, event.before, event.after]);
}

/** Empties the bodies that were made of events, and of tests of their subjects; gives how many. */
export async function emptyBodies(
  tx: Tx,
  of: { readonly supplierId: string; readonly eventIds: readonly string[]; readonly lanes: readonly string[] },
): Promise<number> {
  const ids = padded(of.eventIds);
  const lanes = padded(of.lanes);
  const bodies = await tx.run(
    `update views set body = '', headers = null where event_id in (${places(ids.length)}) and body <> ''`,
    ids,
  );
  const tests = await tx.run(
    `update views set body = '', headers = null
      where body <> '' and id in (select view_id from deliveries
                                   where supplier_id = $1 and test = 1 and lane in (${places(lanes.length, 2)}))`,
    [of.supplierId, ...lanes],
  );
  return bodies + tests;
}

/** Empties what receivers answered to deliveries of events, and to tests of their subjects; gives how many. */
export async function emptyAnswers(
  tx: Tx,
  of: { readonly supplierId: string; readonly eventIds: readonly string[]; readonly lanes: readonly string[] },
): Promise<number> {
  const ids = padded(of.eventIds);
  const lanes = padded(of.lanes);
  const answers = await tx.run(
    `update attempts set response = null
      where response is not null
        and delivery_id in (select id from deliveries where event_id in (${places(ids.length)}))`,
    ids,
  );
  const tests = await tx.run(
    `update attempts set response = null
      where response is not null
        and delivery_id in (select id from deliveries where supplier_id = $1 and test = 1 and lane in (${places(lanes.length, 2)}))`,
    [of.supplierId, ...lanes],
  );
  return answers + tests;
}

/** Cancels what is still owed of events; gives the deliveries, whose lanes are then to go on. `now` is ms UTC. */
export async function cancelOwedOf(
  tx: Tx,
  of: { readonly eventIds: readonly string[]; readonly reason: string; readonly now: number },
): Promise<string[]> {
  const ids = padded(of.eventIds);
  const cancelled = await tx.all<{ id: string }>(
    `with owed as (
       select id from deliveries
        where event_id in (${places(ids.length, 3)}) and state in ('pending', 'held') order by id${tx.dialect.forUpdate}
     )
     update deliveries
        set state = 'cancelled', reason = $1, ended_at = $2, lease_token = null, lease_until = 0, hold_until = null
      where id in (select id from owed) and state in ('pending', 'held')
     returning id`,
    [of.reason, of.now, ...ids],
  );
  return cancelled.map(({ id }) => id);
}
