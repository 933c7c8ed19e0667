import { portions, rows, type Tx } from '../../platform/db/index.ts';

/** A view about to be stored. */
export interface NewView {
  readonly id: string;
  readonly eventId: string;
  /** How many deliveries are stored with it. */
  readonly owed: number;
  readonly language: string;
  readonly body: string;
}

/** Stores views. */
export function insertViews(tx: Tx, views: readonly NewView[]): void {
  for (const portion of portions(views)) {
    tx.send(
      `insert into views (id, event_id, owed, language, body)
         values ${rows(['text', 'text', 'integer', 'text', 'text'], portion.length)}`,
      portion.flatMap((view) => [view.id, view.eventId, view.owed, view.language, view.body]),
    );
  }
}

/** A delivery about to be owed. */
export interface NewDelivery {
  readonly id: string;
  readonly supplierId: string;
  readonly webhookId: string;
  readonly webhookVersionId: string;
  readonly eventId: string;
  readonly viewId: string;
  readonly lane: string;
  readonly position: number;
  readonly state: 'pending' | 'held';
  readonly reason: string | null;
  readonly leaseToken: string | null;
  /** False: its webhook wants no order. */
  readonly inLane: boolean;
  readonly createdAt: number;
}

const deliveryTypes = [
  'text',
  'text',
  'text',
  'text',
  'text',
  'text',
  'text',
  'bigint',
  'text',
  'text',
  'text',
  'bigint',
  'integer',
] as const;

/** What became of a delivery that was stored. */
export interface Placed {
  readonly id: string;
  readonly isHead: boolean;
  readonly isLeased: boolean;
  readonly isOutOfOrder: boolean;
}

/** What of the open deliveries of a lane is looked at. */
const ofLane = `from deliveries d where d.webhook_id = owed.column3 and d.lane = owed.column7 and d.state in ('pending', 'held')`;

/**
 * Stores deliveries; one whose lane holds nothing else that is open becomes its head, and only a head keeps the lease
 * that it asks for. One that was set aside does not count, but what goes ahead of it goes out of order. Where others write at
 * the same time, a head may end unseen meanwhile: `mendHeads` is for the lanes of those that became none.
 */
export async function insertDeliveries(tx: Tx, deliveries: readonly NewDelivery[], leaseMs: number): Promise<Placed[]> {
  const inserted = await Promise.all(
    portions(deliveries).map((portion) =>
      tx.all<{ id: string; is_head: number; lease_token: string | null; out_of_order: number }>(
        `insert into deliveries
           (id, supplier_id, webhook_id, webhook_version_id, event_id, view_id, lane, position, state, reason,
            is_head, step, due_at, lease_token, lease_until, created_at, in_lane, out_of_order)
         select column1, column2, column3, column4, column5, column6, column7, column8, column9, column10,
                case when place = 0 then 0 else 1 end, 0, column12,
                case when place > 0 then column11 end,
                case when place > 0 and column11 is not null then ${tx.dialect.nowMs} + ${Math.trunc(leaseMs)} else 0 end,
                column12, column13, case when place = 2 then 1 else 0 end
           -- place: 0 behind others, 1 the only one, 2 ahead of one that was set aside.
           -- The limits keep Postgres from looking through all open deliveries at once, and from looking three times.
           from (select owed.*,
                        case when owed.column13 = 0 then 1
                             else case coalesce((select d.in_lane ${ofLane} order by d.position limit 1), -1)
                                       when -1 then 1 when 1 then 0
                                       else case when (select 1 ${ofLane} and d.in_lane = 1 limit 1) is null then 2
                                                 else 0 end end end as place
                   from (values ${rows(deliveryTypes, portion.length)}) as owed
                  limit ${portion.length}) as placed
         returning id, is_head, lease_token, out_of_order`,
        portion.flatMap((delivery) => [
          delivery.id,
          delivery.supplierId,
          delivery.webhookId,
          delivery.webhookVersionId,
          delivery.eventId,
          delivery.viewId,
          delivery.lane,
          delivery.position,
          delivery.state,
          delivery.reason,
          delivery.leaseToken,
          delivery.createdAt,
          Number(delivery.inLane),
        ]),
      ),
    ),
  );
  return inserted.flat().map((row) => ({
    id: row.id,
    isHead: row.is_head === 1,
    isLeased: row.lease_token !== null,
    isOutOfOrder: row.out_of_order === 1,
  }));
}
