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

/** The ids of all events of an order and of its bookings. */
export async function eventIdsOfOrder(tx: Tx, supplierId: string, orderId: string): Promise<string[]> {
  const found = await tx.all<{ id: string }>(
    `select id from events where supplier_id = $1 and type = 'order_update' and subject_id = $2
     union all
     select id from events
      where supplier_id = $1 and type = 'booking_update'
        and subject_id in (select uuid from bookings where order_id = $2 and supplier_id = $1)`,
    [supplierId, orderId],
  );
  return found.map(({ id }) => id);
}

/** Events with their documents, in no order. */
export function textsOf(tx: Tx, eventIds: readonly string[]): Promise<EventTexts[]> {
  const ids = padded(eventIds);
  return tx.all(`select ${columns} from events where id in (${places(ids.length)})`, ids);
}

/** Writes the documents of an event anew. */
export function writeTexts(tx: Tx, event: Pick<EventTexts, 'id' | 'before' | 'after'>): void {
  tx.send('update events set before = $2, after = $3 where id = $1', [event.id, event.before, event.after]);
}

/** Locks the deliveries of events, also those that have ended. */
export async function lockDeliveriesOf(tx: Tx, eventIds: readonly string[]): Promise<void> {
  const ids = padded(eventIds);
  await tx.all(
    `select id from deliveries where event_id in (${places(ids.length)}) order by id${tx.dialect.forUpdate}`,
    ids,
  );
}

/** Empties the bodies that were made of events; gives how many. */
export function emptyBodies(tx: Tx, eventIds: readonly string[]): Promise<number> {
  const ids = padded(eventIds);
  return tx.run(
    `update views set body = '', headers = null where event_id in (${places(ids.length)}) and body <> ''`,
    ids,
  );
}

/** Empties the bodies of tests of subjects, by their lanes; gives how many. */
export function emptyTestBodies(tx: Tx, supplierId: string, subjects: readonly string[]): Promise<number> {
  const lanes = padded(subjects);
  return tx.run(
    `update views set body = '', headers = null
      where body <> '' and id in (select view_id from deliveries
                                   where supplier_id = $1 and test = 1 and lane in (${places(lanes.length, 2)}))`,
    [supplierId, ...lanes],
  );
}

/** Empties what receivers answered to deliveries of events; gives how many. */
export function emptyAnswers(tx: Tx, eventIds: readonly string[]): Promise<number> {
  const ids = padded(eventIds);
  return tx.run(
    `update attempts set response = null
      where response is not null
        and delivery_id in (select id from deliveries where event_id in (${places(ids.length)}))`,
    ids,
  );
}

/** Empties what receivers answered to tests of subjects, by their lanes; gives how many. */
export function emptyTestAnswers(tx: Tx, supplierId: string, subjects: readonly string[]): Promise<number> {
  const lanes = padded(subjects);
  return tx.run(
    `update attempts set response = null
      where response is not null
        and delivery_id in (select id from deliveries where supplier_id = $1 and test = 1 and lane in (${places(lanes.length, 2)}))`,
    [supplierId, ...lanes],
  );
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
