import { portions, rows, type Tx } from '../../platform/db/index.ts';

/** Where a delivery goes after an attempt. */
export interface Settled {
  readonly id: string;
  readonly leaseToken: string;
  readonly state: 'pending' | 'held' | 'delivered' | 'gave_up' | 'cancelled';
  readonly reason: string | null;
  readonly step: number;
  readonly dueAt: number;
  readonly endedAt: number | null;
  /** When it is set aside, if it fails until then: counted from its first failure. */
  readonly holdUntil: number | null;
}

/** Whether a delivery is cancelled that had arrived before it was sent again: it stays delivered. */
const was = `v.column3 = 'cancelled' and deliveries.arrived_at is not null`;

/** Settles what the lease token still holds; a lease that was lost leaves its delivery to whoever has it now. */
export function settle(tx: Tx, settled: readonly Settled[]): void {
  // By id, as everything that locks several deliveries does.
  const inOrder = settled.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const types = ['text', 'text', 'text', 'text', 'integer', 'bigint', 'bigint', 'bigint'] as const;
  for (const portion of portions(inOrder)) {
    tx.send(
      `update deliveries
            set state = case when ${was} then 'delivered' else v.column3 end,
                reason = case when ${was} then null else v.column4 end, step = v.column5, due_at = v.column6,
                ended_at = case when ${was} then deliveries.arrived_at else v.column7 end,
                hold_until = case when v.column3 = 'pending' then coalesce(deliveries.hold_until, v.column8) end,
                lease_token = null, lease_until = 0
           from (values ${rows(types, portion.length)}) as v
          where deliveries.id = v.column1 and deliveries.lease_token = v.column2`,
      portion.flatMap((one) => [
        one.id,
        one.leaseToken,
        one.state,
        one.reason,
        one.step,
        one.dueAt,
        one.endedAt,
        one.holdUntil,
      ]),
    );
  }
}

/** One attempt, as it is kept. `startedAt` is ms UTC. */
export interface AttemptRecord {
  readonly id: string;
  readonly deliveryId: string;
  readonly startedAt: number;
  readonly durationMs: number;
  readonly outcome: 'accepted' | 'refused' | 'unreachable';
  readonly status: number | null;
  readonly reason: string | null;
  readonly detail: string | null;
  readonly response: string | null;
}

/**
 * Stores attempts: they happened, whether or not the lease still held. What the receiver answered is kept only while the body is that it
 * was sent: it may have echoed that of a guest who was erased meanwhile.
 */
export function insertAttempts(tx: Tx, attempts: readonly AttemptRecord[]): void {
  const types = ['text', 'text', 'bigint', 'integer', 'text', 'integer', 'text', 'text', 'text'] as const;
  for (const portion of portions(attempts)) {
    tx.send(
      `insert into attempts (id, delivery_id, started_at, duration_ms, outcome, status, reason, detail, response)
       select column1, column2, column3, column4, column5, column6, column7, column8,
              case when coalesce(column9, '') = ''
                     or exists (select 1 from deliveries d join views w on w.id = d.view_id
                                 where d.id = column2 and octet_length(w.body) > 0) then column9 end
         from (values ${rows(types, portion.length)}) as attempt`,
      portion.flatMap((attempt) => [
        attempt.id,
        attempt.deliveryId,
        attempt.startedAt,
        attempt.durationMs,
        attempt.outcome,
        attempt.status,
        attempt.reason,
        attempt.detail,
        attempt.response,
      ]),
    );
  }
}
