import type { Queryable } from '../platform/db/index.ts';

/** How many there are in a state. */
export interface InState {
  readonly state: string;
  readonly count: number;
}

/** Deliveries that have not ended. */
export function openDeliveries(db: Queryable): Promise<InState[]> {
  return db.all(`select state, count(*) as count from deliveries where state in ('pending', 'held') group by state`);
}

/** Messages that wait to leave, or are with a provider. */
export function openMessages(db: Queryable): Promise<InState[]> {
  // One select for each partial index.
  return db.all(
    `select 'settling' as state, count(*) as count from messages where state = 'settling'
     union all
     select 'sending' as state, count(*) as count from messages where state = 'sending'`,
  );
}
