import type { Queryable } from '../../platform/db/index.ts';
import { type SendingRow, sendingColumns, sendingOf } from '../subscriptions/sending.ts';
import type { RateLimit, Webhook } from '../subscriptions/webhook.ts';
import type { Health } from './health.ts';
import { type HealthRow, healthOf } from './health-store.ts';

const head = `state = 'pending' and is_head = 1`;

/** A webhook that has deliveries which are not settled: how it stands, and whether one of them is due and free. */
export interface Turn {
  readonly webhookId: string;
  readonly state: Webhook['state'];
  readonly rateLimit: RateLimit | null;
  readonly health: Health;
  readonly isDue: boolean;
}

interface TurnRow extends HealthRow, SendingRow {
  readonly webhook_id: string;
  readonly state: Webhook['state'];
  readonly is_due: number | null;
}

/** Webhooks that one statement looks at. */
const turnsAtOnce = 500;

/** The webhooks that have deliveries which are not settled, in the order of their ids after one of them; `next` is where to go on, '' at the end. */
export async function turnsAfter(
  db: Queryable,
  at: { readonly webhookId: string; readonly now: number },
): Promise<{ readonly turns: Turn[]; readonly next: string }> {
  const found = await db.all<TurnRow>(
    `with recursive turn (webhook_id) as (
       select (select d.webhook_id from deliveries d where ${head} and d.webhook_id > $2 order by d.webhook_id limit 1)
       union all
       select (select d.webhook_id from deliveries d
                where ${head} and d.webhook_id > turn.webhook_id order by d.webhook_id limit 1)
         from turn where turn.webhook_id is not null
     )
     select turn.webhook_id, w.state, ${sendingColumns}, coalesce(h.failures, 0) as failures, h.failing_since,
            h.last_failure_at, coalesce(h.failing_days, 0) as failing_days, coalesce(h.rests, 0) as rests, h.resting_until,
            (select 1 from deliveries d
              where ${head} and d.webhook_id = turn.webhook_id and d.due_at <= $1 and d.lease_until <= ${db.dialect.nowMs}
              limit 1) as is_due
       from turn join webhooks w on w.id = turn.webhook_id
       left join webhook_health h on h.webhook_id = w.id
      limit ${turnsAtOnce}`,
    [at.now, at.webhookId],
  );
  const turns = found.map((row) => ({
    webhookId: row.webhook_id,
    state: row.state,
    rateLimit: sendingOf(row).rateLimit,
    health: healthOf(row),
    isDue: row.is_due === 1,
  }));
  return { turns, next: turns.length === turnsAtOnce ? (turns.at(-1)?.webhookId ?? '') : '' };
}
