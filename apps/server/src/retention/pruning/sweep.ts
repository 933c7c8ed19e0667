import type { Tx } from '../../platform/db/index.ts';

/** What is swept, each by itself. */
export type SweepName = 'attempts' | 'bodies' | 'deliveries' | 'events' | 'versions';

/**
 * A portion of a sweep: looks at what comes after `seen` and was made before `before` (ms UTC), prunes what it may, and gives the last
 * id that it looked at, and whether that was the end of what is old enough.
 */
export type Sweep = (
  tx: Tx,
  from: { readonly seen: string; readonly before: number },
) => Promise<{ readonly seen: string; readonly isEnd: boolean }>;

/** How far a sweep is: the last id that it looked at, and when it began at the first one, ms UTC. `rested`: it had come to its end. */
export interface Swept {
  readonly seen: string;
  readonly begunAt: number;
  readonly rested: boolean;
}

/** Takes a sweep that is due for this transaction; undefined: it is not, or another process has it. */
export async function takeSweep(tx: Tx, name: SweepName, now: number): Promise<Swept | undefined> {
  const [row] = await tx.all<{ seen: string; begunAt: number; nextAt: number }>(
    `select seen, begun_at as "begunAt", next_at as "nextAt" from sweeps
      where name = $1 and next_at <= $2${tx.dialect.forUpdateSkipLocked}`,
    [name, now],
  );
  return row && { seen: row.seen, begunAt: row.begunAt, rested: row.nextAt > 0 };
}

/** Writes how far a sweep is that was taken, when it began, and when it goes on (0: at once), ms UTC. */
export function advanceSweep(
  tx: Tx,
  name: SweepName,
  to: { readonly seen: string; readonly begunAt: number; readonly nextAt: number },
): void {
  tx.send('update sweeps set seen = $2, begun_at = $3, next_at = $4 where name = $1', [
    name,
    to.seen,
    to.begunAt,
    to.nextAt,
  ]);
}
