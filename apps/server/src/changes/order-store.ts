import type { EventType } from '@carillon/contract';
import type { Queryable } from '../platform/db/index.ts';

/** An event in the order of its supplier's, without its documents. */
export interface OrderedEvent {
  readonly id: string;
  readonly sequence: number;
  readonly type: EventType;
  readonly connectionId: string | null;
  /** Its subject was not there before. */
  readonly isNew: boolean;
}

/** A stretch of the order of a supplier's events: after one place, up to another one. */
export interface OrderStretch {
  readonly supplierId: string;
  readonly after: number;
  readonly until: number;
}

/** The first events of a stretch, in order. */
export async function eventsInOrder(db: Queryable, stretch: OrderStretch, limit: number): Promise<OrderedEvent[]> {
  const found = await db.all<Omit<OrderedEvent, 'isNew'> & { readonly is_new: number }>(
    `select id, sequence, type, connection_id as "connectionId",
            case when before_event_id is null and before is null then 1 else 0 end as is_new
       from events
      where supplier_id = $1 and sequence > $2 and sequence <= $3
      order by sequence limit $4`,
    [stretch.supplierId, stretch.after, stretch.until, limit],
  );
  return found.map(({ is_new, ...event }) => ({ ...event, isNew: is_new === 1 }));
}

/** The place of the last event of a stretch; its beginning where there is none. */
export async function lastInOrder(db: Queryable, { supplierId, after, until }: OrderStretch): Promise<number> {
  const [row] = await db.all<{ last: number | null }>(
    'select max(sequence) as last from events where supplier_id = $1 and sequence > $2 and sequence <= $3',
    [supplierId, after, until],
  );
  return row?.last ?? after;
}
