import type { Tx } from '../../platform/db/index.ts';

/** What is swept, each by itself. */
export type SweepName = 'attempts' | 'bodies' | 'deliveries' | 'events' | 'versions';

/**
 * A portion of a sweep: looks at what comes after `seen` and was made before `before` (ms UTC), prunes what it may, and gives the last
 * id that it looked at; null: it came to the end.
 */
export type Sweep = (tx: Tx, from: { readonly seen: string; readonly before: number }) => Promise<string | null>;

/** How far a sweep is. */
export interface Swept {
  readonly seen: string;
}

/** Takes a sweep that is due for this transaction; undefined: it is not, or another process has it. */
export async function takeSweep(tx: Tx, name: SweepName, now: number): Promise<Swept | undefined> {
  const [row] = await tx.all<Swept>(
    `select seen from sweeps where name = $1 and next_at <= $2${tx.dialect.forUpdateSkipLocked}`,
    [name, now],
  );
  return row;
}

/** Writes how far a sweep is that was taken, and when it goes on, ms UTC. */
export function advanceSweep(tx: Tx, name: SweepName, to: { readonly seen: string; readonly nextAt: number }): void {
  tx.send('update sweeps set seen = $2, next_at = $3 where name = $1', [name, to.seen, to.nextAt]);
}
