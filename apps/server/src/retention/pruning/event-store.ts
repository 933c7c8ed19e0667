import { padded, places, type Tx } from '../../platform/db/index.ts';

/** Of a delivery, or of an e-mail that has not left: event `e` is needed for it. */
const inUse = (e: string): string => `
  exists (select 1 from deliveries d where d.event_id = ${e}.id)
  or exists (select 1 from message_bookings b join messages m on m.id = b.message_id
              where b.first_event_id = ${e}.id and m.state in ('settling', 'sending'))
  or exists (select 1 from message_bookings b join messages m on m.id = b.message_id
              where b.last_event_id = ${e}.id and m.state in ('settling', 'sending'))`;

/** Whether event `e` is what its subject is now. */
const isLast = (e: string): string => `
  exists (select 1 from subjects s
           where s.id = ${e}.subject_id and s.type = ${e}.type and s.supplier_id = ${e}.supplier_id and s.event_id = ${e}.id)`;

/** An event that may be pruned. */
export interface SpentEvent {
  readonly id: string;
  readonly supplierId: string;
  /** The place up to which something is missing then: the event after it stays without its `before`, and tells nobody what changed. */
  readonly missingTo: number;
}

/**
 * Of events, those made before a time (ms UTC) that nothing needs: not what a subject is now, nor what a delivery or an e-mail that has not
 * left is about; nor the one before any such event, whose `before` it is.
 */
export function spentEvents(tx: Tx, ids: readonly string[], before: number): Promise<SpentEvent[]> {
  const wanted = padded(ids);
  return tx.all<SpentEvent>(
    `select e.id, e.supplier_id as "supplierId",
            coalesce((select n.sequence from events n
                       where n.supplier_id = e.supplier_id and n.type = e.type and n.subject_id = e.subject_id
                         and n.position = e.position + 1), e.sequence) as "missingTo"
       from events e
      where e.id in (${places(wanted.length, 2)}) and e.created_at < $1
        and not (${isLast('e')} or ${inUse('e')})
        and not exists (select 1 from events n
                         where n.supplier_id = e.supplier_id and n.type = e.type and n.subject_id = e.subject_id
                           and n.position = e.position + 1
                           and (n.created_at >= $1 or ${isLast('n')} or ${inUse('n')}))`,
    [before, ...wanted],
  );
}

/** Deletes events with their views. An event that stays and came after one of them is the first of its subject that is kept. */
export async function deleteEvents(tx: Tx, ids: readonly string[]): Promise<void> {
  const wanted = padded(ids);
  const listed = places(wanted.length);
  await tx.run(
    `update events set before_event_id = null
      where id in (select n.id from events e
                     join events n on n.supplier_id = e.supplier_id and n.type = e.type and n.subject_id = e.subject_id
                                  and n.position = e.position + 1
                    where e.id in (${listed}))`,
    wanted,
  );
  await tx.run(`delete from views where event_id in (${listed})`, wanted);
  await tx.run(`delete from events where id in (${listed})`, wanted);
}

/** Notes that events up to a place in the order of a supplier's were pruned, or tell nothing any more. */
export function notePruned(tx: Tx, supplierId: string, sequence: number): Promise<number> {
  return tx.run(
    `insert into pruned_events (supplier_id, sequence) values ($1, $2)
     on conflict (supplier_id) do update set sequence = excluded.sequence where pruned_events.sequence < excluded.sequence`,
    [supplierId, sequence],
  );
}
