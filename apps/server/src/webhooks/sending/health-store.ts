import { padded, places, type Queryable, rows, type Tx } from '../../platform/db/index.ts';
import { type Health, healthy } from './health.ts';

/** The columns of `webhook_health` that make a health. */
export interface HealthRow {
  readonly failures: number;
  readonly failing_since: number | null;
  readonly last_failure_at: number | null;
  /** Left out where nobody asks. */
  readonly earlier_failure_at?: number | null;
  readonly failing_days: number;
  readonly rests: number;
  readonly resting_until: number | null;
}

/** A row as the rest of the code knows it. */
export function healthOf(row: HealthRow): Health {
  return {
    failures: row.failures,
    failingSince: row.failing_since,
    lastFailureAt: row.last_failure_at,
    earlierFailureAt: row.earlier_failure_at ?? null,
    failingDays: row.failing_days,
    rests: row.rests,
    restingUntil: row.resting_until,
  };
}

/** What is kept of how it goes with a webhook. */
export interface KeptHealth {
  readonly health: Health;
  /** When its operator was told that it is going to be disabled, ms UTC. */
  readonly warnedAt: number | null;
  /** What went wrong at the last failure. */
  readonly lastError: string | null;
}

interface KeptRow extends HealthRow {
  readonly webhook_id: string;
  readonly warned_at: number | null;
  readonly last_error: string | null;
}

/** Locks the health of webhooks, making rows of those that have none; gives it by webhook. Ids in order, so that nobody waits in a circle. */
export async function lockHealth(tx: Tx, webhookIds: readonly string[]): Promise<Map<string, KeptHealth>> {
  const ids = padded(webhookIds);
  tx.send(
    `insert into webhook_health (webhook_id, failures, failing_days, rests)
     select column1, 0, 0, 0 from (values ${rows(['text'], ids.length)}) as given where true
     on conflict (webhook_id) do nothing`,
    ids,
  );
  const found = await tx.all<KeptRow>(
    `select * from webhook_health where webhook_id in (${places(ids.length)}) order by webhook_id${tx.dialect.forUpdate}`,
    ids,
  );
  return new Map(
    found.map((row) => [row.webhook_id, { health: healthOf(row), warnedAt: row.warned_at, lastError: row.last_error }]),
  );
}

/** Writes the health of webhooks whose rows are locked, with what went wrong last; what is healthy again has no warning any more. */
export function writeHealth(
  tx: Tx,
  healths: ReadonlyMap<string, Health>,
  errors: ReadonlyMap<string, string | null>,
): void {
  for (const [webhookId, health] of healths) {
    tx.send(
      `update webhook_health
          set failures = $2, failing_since = $3, last_failure_at = $4, failing_days = $5, rests = $6, resting_until = $7,
              warned_at = case when cast($3 as bigint) is null then null else warned_at end,
              last_error = case when cast($3 as bigint) is null then null else coalesce(cast($8 as text), last_error) end,
              earlier_failure_at = $9
        where webhook_id = $1`,
      [
        webhookId,
        health.failures,
        health.failingSince,
        health.lastFailureAt,
        health.failingDays,
        health.rests,
        health.restingUntil,
        errors.get(webhookId) ?? null,
        health.earlierFailureAt,
      ],
    );
  }
}

/** Forgets how it went with webhooks whose rows are locked: somebody says that they are ready. */
export function forgetHealth(tx: Tx, webhookIds: readonly string[]): void {
  if (webhookIds.length === 0) return;
  const ids = padded(webhookIds);
  tx.send(`delete from webhook_health where webhook_id in (${places(ids.length)})`, ids);
}

/**
 * Takes the turn to try a resting webhook: nobody else has it before `until` (ms UTC). False: somebody has it, or it does not rest any more.
 */
export async function takeProbe(
  db: Queryable,
  probe: { readonly webhookId: string; readonly now: number; readonly until: number },
): Promise<boolean> {
  const taken = await db.run(
    'update webhook_health set resting_until = $3 where webhook_id = $1 and resting_until <= $2',
    [probe.webhookId, probe.now, probe.until],
  );
  return taken === 1;
}

/** Gives the turn back to whoever looks next: there was nothing to try the webhook with. `now` is ms UTC. */
export function giveProbeBack(tx: Tx, webhookId: string, now: number): void {
  tx.send('update webhook_health set resting_until = $2 where webhook_id = $1', [webhookId, now]);
}

/** How it goes with webhooks. */
export async function healthsOf(db: Queryable, webhookIds: readonly string[]): Promise<(webhookId: string) => Health> {
  if (webhookIds.length === 0) return () => healthy;
  const ids = padded(webhookIds);
  const found = await db.all<HealthRow & { readonly webhook_id: string }>(
    `select * from webhook_health where webhook_id in (${places(ids.length)})`,
    ids,
  );
  const healths = new Map(found.map((row) => [row.webhook_id, healthOf(row)]));
  return (webhookId) => healths.get(webhookId) ?? healthy;
}
