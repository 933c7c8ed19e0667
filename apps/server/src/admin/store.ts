import type { Queryable } from '../platform/db/index.ts';

/** A delivery in a list. Times are ms UTC. */
export interface DeliveryListed {
  readonly id: string;
  readonly webhook_id: string;
  readonly event_id: string;
  readonly event: string;
  readonly subject_id: string;
  readonly position: number;
  readonly state: string;
  readonly reason: string | null;
  readonly step: number;
  readonly due_at: number;
  readonly created_at: number;
  readonly ended_at: number | null;
}

/** A supplier's deliveries, newest first, of one webhook or of all. */
export function listDeliveries(
  db: Queryable,
  wanted: { readonly supplierId: string; readonly webhookId: string | null; readonly limit: number },
): Promise<DeliveryListed[]> {
  return db.all<DeliveryListed>(
    `select d.id, d.webhook_id, d.event_id, e.type as event, e.subject_id, d.position, d.state, d.reason, d.step, d.due_at,
            d.created_at, d.ended_at
       from deliveries d join events e on e.id = d.event_id
      where d.supplier_id = $1 and (cast($2 as text) is null or d.webhook_id = $2)
      order by d.created_at desc, d.id desc limit $3`,
    [wanted.supplierId, wanted.webhookId, wanted.limit],
  );
}

/** An attempt in a list. Times are ms UTC. */
export interface AttemptListed {
  readonly id: string;
  readonly started_at: number;
  readonly duration_ms: number;
  readonly outcome: string;
  readonly status: number | null;
  readonly reason: string | null;
  readonly detail: string | null;
  readonly response: string | null;
}

/** The attempts of a supplier's delivery, oldest first. */
export function listAttempts(
  db: Queryable,
  wanted: { readonly supplierId: string; readonly deliveryId: string },
): Promise<AttemptListed[]> {
  return db.all<AttemptListed>(
    `select a.id, a.started_at, a.duration_ms, a.outcome, a.status, a.reason, a.detail, a.response
       from attempts a join deliveries d on d.id = a.delivery_id
      where a.delivery_id = $1 and d.supplier_id = $2
      order by a.started_at, a.id`,
    [wanted.deliveryId, wanted.supplierId],
  );
}
