import type { EventType } from '@carillon/contract';
import { type Param, padded, places, type Queryable, type Tx } from '../../platform/db/index.ts';
import type { EndedState, Replay, ReplayState, Wanted } from './replay.ts';

interface ReplayRow {
  readonly id: string;
  readonly webhook_id: string;
  readonly from_at: number;
  readonly to_at: number;
  readonly states: string;
  readonly events: string | null;
  readonly per_second: number;
  readonly state: ReplayState;
  readonly reason: string | null;
  readonly found: number;
  readonly opened: number;
  readonly skipped: number;
  readonly delivered: number | null;
  readonly failed: number | null;
  readonly created_at: number;
  readonly ended_at: number | null;
  readonly waits_for: string | null;
}

const columns = `r.id, r.webhook_id, r.from_at, r.to_at, r.states, r.events, r.per_second, r.state, r.reason, r.found, r.opened,
  r.skipped, r.delivered, r.failed, r.created_at, r.ended_at,
  (select w.state_reason from webhooks w where w.id = r.webhook_id and w.state = 'disabled' and r.state = 'running') as waits_for`;

function replayOf(row: ReplayRow): Replay {
  return {
    id: row.id,
    webhookId: row.webhook_id,
    from: row.from_at,
    to: row.to_at,
    states: JSON.parse(row.states) as EndedState[],
    events: row.events === null ? null : (JSON.parse(row.events) as EventType[]),
    perSecond: row.per_second,
    state: row.state,
    reason: row.reason ?? row.waits_for,
    found: row.found,
    opened: row.opened,
    skipped: row.skipped,
    delivered: row.delivered ?? 0,
    failed: row.failed ?? 0,
    createdAt: row.created_at,
    endedAt: row.ended_at,
  };
}

/** What came of the deliveries that replays have opened, as it is now, in those that have not ended. */
async function counted(db: Queryable, rows: readonly ReplayRow[]): Promise<Replay[]> {
  const running = rows.filter((row) => row.delivered === null).map((row) => row.id);
  if (running.length === 0) return rows.map(replayOf);
  const ids = padded(running);
  const found = await db.all<{ replay_id: string; delivered: number; failed: number }>(
    `select replay_id, sum(case when state = 'delivered' and step > 0 then 1 else 0 end) as delivered,
            sum(case when state = 'gave_up' then 1 else 0 end) as failed
       from deliveries where replay_id is not null and replay_id in (${places(ids.length)}) group by replay_id`,
    ids,
  );
  const byId = new Map(found.map((row) => [row.replay_id, row]));
  return rows.map((row) => {
    const { delivered = 0, failed = 0 } = byId.get(row.id) ?? {};
    return row.delivered === null ? { ...replayOf(row), delivered, failed } : replayOf(row);
  });
}

/** A replay about to be stored. */
export type NewReplay = Omit<Replay, 'state' | 'reason' | 'opened' | 'skipped' | 'delivered' | 'failed' | 'endedAt'> & {
  readonly supplierId: string;
};

/** Stores a replay that begins; false: one of this webhook is under way. */
export async function insertReplay(tx: Tx, replay: NewReplay): Promise<boolean> {
  const inserted = await tx.run(
    `insert into replays (id, supplier_id, webhook_id, from_at, to_at, states, events, per_second, state, found, opened, skipped,
                          seen_at, seen_id, all_opened, next_at, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, 'running', $9, 0, 0, $4, '', 0, $10, $10)
     on conflict (webhook_id) where state in ('running', 'cancelling') do nothing`,
    [
      replay.id,
      replay.supplierId,
      replay.webhookId,
      replay.from,
      replay.to,
      JSON.stringify(replay.states),
      replay.events && JSON.stringify(replay.events),
      replay.perSecond,
      replay.found,
      replay.createdAt,
    ],
  );
  return inserted === 1;
}

/** A supplier's replay. */
export async function replayById(
  db: Queryable,
  key: { readonly supplierId: string; readonly id: string },
): Promise<Replay | undefined> {
  const rows = await db.all<ReplayRow>(`select ${columns} from replays r where r.id = $1 and r.supplier_id = $2`, [
    key.id,
    key.supplierId,
  ]);
  return (await counted(db, rows))[0];
}

/** A page of a supplier's replays, or of one webhook's. */
export interface ReplayPage {
  readonly supplierId: string;
  readonly webhookId?: string | undefined;
  /** Goes on after this one; undefined: from the newest. */
  readonly before?: string | undefined;
  readonly limit: number;
}

/** Replays, newest first. */
export async function listReplays(db: Queryable, page: ReplayPage): Promise<Replay[]> {
  const params: Param[] = [page.supplierId, page.limit];
  const also = (condition: string, param: string | undefined): string => {
    if (param === undefined) return '';
    params.push(param);
    return ` and ${condition.replaceAll('?', `$${params.length}`)}`;
  };
  const rows = await db.all<ReplayRow>(
    `select ${columns} from replays r
      where r.supplier_id = $1${also('r.webhook_id = ?', page.webhookId)}${also(
        '(r.created_at, r.id) < (select b.created_at, b.id from replays b where b.id = ? and b.supplier_id = $1)',
        page.before,
      )}
      order by r.created_at desc, r.id desc limit $2`,
    params,
  );
  return counted(db, rows);
}

/** How many deliveries a replay would be made for. */
export async function countWanted(
  db: Queryable,
  range: Wanted & { readonly webhookId: string; readonly from: number; readonly to: number },
): Promise<number> {
  const { states, events } = range;
  const types = (events ?? []).map((_, index) => {
    const type = `cast($${4 + states.length + index} as text)`;
    return `substr(d.lane, 1, length(${type}) + 1) = ${type} || '/'`;
  });
  const [row] = await db.all<{ count: number }>(
    `select count(*) as count from deliveries d
      where d.webhook_id = $1 and d.created_at >= $2 and d.created_at < $3 and d.test = 0
        and d.state in (${places(states.length, 4)})${types.length === 0 ? '' : ` and (${types.join(' or ')})`}`,
    [range.webhookId, range.from, range.to, ...states, ...(events ?? [])],
  );
  return row?.count ?? 0;
}

/** Asks for the end of a supplier's replay; false: there is none that runs. */
export async function stopReplay(
  db: Queryable,
  stop: { readonly supplierId: string; readonly id: string; readonly reason: string },
): Promise<boolean> {
  const stopped = await db.run(
    `update replays set state = 'cancelling', reason = $3, next_at = 0 where id = $1 and supplier_id = $2 and state = 'running'`,
    [stop.id, stop.supplierId, stop.reason],
  );
  return stopped === 1;
}
