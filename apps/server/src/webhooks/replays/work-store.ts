import type { EventType } from '@carillon/contract';
import type { Queryable, Tx } from '../../platform/db/index.ts';
import type { Candidate, EndedState, Seen, Wanted } from './replay.ts';

/** A replay that has something to do. */
export interface DueReplay extends Wanted {
  readonly id: string;
  readonly webhookId: string;
  readonly state: 'running' | 'cancelling';
  readonly to: number;
  readonly perSecond: number;
  readonly seen: Seen;
}

interface DueRow {
  readonly id: string;
  readonly webhook_id: string;
  readonly state: DueReplay['state'];
  readonly to_at: number;
  readonly per_second: number;
  readonly states: string;
  readonly events: string | null;
  readonly seen_at: number;
  readonly seen_id: string;
}

/**
 * Replays that may open more deliveries now, or whose deliveries are to be put back. Those of a webhook that is disabled wait, as
 * do those of one that rests.
 */
export async function dueReplays(db: Queryable, now: number, limit: number): Promise<DueReplay[]> {
  const found = await db.all<DueRow>(
    `select r.id, r.webhook_id, r.state, r.to_at, r.per_second, r.states, r.events, r.seen_at, r.seen_id
       from replays r
       left join webhooks w on w.id = r.webhook_id
       left join webhook_health h on h.webhook_id = r.webhook_id
      where r.state in ('running', 'cancelling') and r.next_at <= $1
        and (r.state = 'cancelling'
             or (r.all_opened = 0 and coalesce(w.state, 'deleted') <> 'disabled' and coalesce(h.resting_until, 0) <= $1))
      order by r.next_at limit $2`,
    [now, limit],
  );
  return found.map((row) => ({
    id: row.id,
    webhookId: row.webhook_id,
    state: row.state,
    to: row.to_at,
    perSecond: row.per_second,
    states: JSON.parse(row.states) as EndedState[],
    events: row.events === null ? null : (JSON.parse(row.events) as EventType[]),
    seen: { at: row.seen_at, id: row.seen_id },
  }));
}

/** When the next of the replays that keep to their pace may open more, or one that is cancelled is looked at again, ms UTC; null: none. */
export async function nextReplayAt(db: Queryable, now: number): Promise<number | null> {
  const [row] = await db.all<{ at: number | null }>(
    `select min(next_at) as at from replays
      where state in ('running', 'cancelling') and (all_opened = 0 or state = 'cancelling') and next_at > $1`,
    [now],
  );
  return row?.at ?? null;
}

/** The next deliveries of a webhook in the order in which they became owed, whether or not a replay takes them. */
export function candidatesAfter(
  db: Queryable,
  at: { readonly webhookId: string; readonly seen: Seen; readonly to: number; readonly limit: number },
): Promise<Candidate[]> {
  return db.all<Candidate>(
    `select d.id, d.state, d.lane, d.test, d.created_at as "createdAt"
       from deliveries d
      where d.webhook_id = $1 and d.created_at >= $2 and (d.created_at > $2 or d.id > $3) and d.created_at < $4
      order by d.created_at, d.id limit $5`,
    [at.webhookId, at.seen.at, at.seen.id, at.to, at.limit],
  );
}

/** How many of the deliveries that a replay has opened were not tried yet, up to a limit. */
export async function untried(db: Queryable, replayId: string, limit: number): Promise<number> {
  const [row] = await db.all<{ count: number }>(
    `select count(*) as count
       from (select 1 from deliveries where replay_id = $1 and state in ('pending', 'held') and step = 0 limit $2) as open`,
    [replayId, limit],
  );
  return row?.count ?? 0;
}

/** Takes a replay that is running, and is as far as it was found, for this transaction; false: somebody else has it, or has gone on with it. */
export async function takeReplay(tx: Tx, replay: Pick<DueReplay, 'id' | 'state' | 'seen'>): Promise<boolean> {
  const found = await tx.all(
    `select id from replays where id = $1 and state = $2 and seen_at = $3 and seen_id = $4${tx.dialect.forUpdateSkipLocked}`,
    [replay.id, replay.state, replay.seen.at, replay.seen.id],
  );
  return found.length > 0;
}

/** Writes how far a replay is that was taken. */
export function advance(
  tx: Tx,
  to: {
    readonly id: string;
    readonly seen: Seen;
    readonly opened: number;
    readonly skipped: number;
    readonly allOpened: boolean;
    readonly nextAt: number;
  },
): void {
  tx.send(
    `update replays
        set seen_at = $2, seen_id = $3, opened = opened + $4, skipped = skipped + $5, all_opened = $6, next_at = $7
      where id = $1`,
    [to.id, to.seen.at, to.seen.id, to.opened, to.skipped, Number(to.allOpened), to.nextAt],
  );
}

/** Leaves a replay that was taken alone until a time, ms UTC. */
export function postpone(tx: Tx, to: { readonly id: string; readonly until: number }): void {
  tx.send('update replays set next_at = $2 where id = $1', [to.id, to.until]);
}

/** What came of a replay's deliveries, to be kept: they may be pruned, or sent again by another one. */
const results = `
  delivered = (select count(*) from deliveries d where d.replay_id = replays.id and d.state = 'delivered' and d.step > 0),
  failed = (select count(*) from deliveries d where d.replay_id = replays.id and d.state = 'gave_up')`;

/** Ends a replay that was taken before it is done; `reason`: why, where nobody asked for it. */
export function endReplay(
  tx: Tx,
  end: { readonly id: string; readonly reason: string | null; readonly now: number },
): void {
  tx.send(
    `update replays set state = 'cancelled', reason = coalesce(reason, $2), ended_at = $3, ${results} where id = $1`,
    [end.id, end.reason, end.now],
  );
}

/** Ends the replays that have opened everything and of whose deliveries none is open any more; gives how many. */
export function endFinished(db: Queryable, now: number): Promise<number> {
  return db.run(
    `update replays set state = 'done', ended_at = $1, ${results}
      where state = 'running' and all_opened = 1
        and not exists (select 1 from deliveries d where d.replay_id = replays.id and d.state in ('pending', 'held'))`,
    [now],
  );
}
