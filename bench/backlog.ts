import type { Db } from '../apps/server/src/platform/db/index.ts';
import { bulk, round } from './deliveries.ts';
import type { Receiving } from './receiving.ts';
import { openStage, type Target, urlsOf } from './stage.ts';

/** What lies in the database beside the work that is measured. */
type Kind = 'scheduled for later' | 'blocked behind a stuck lane' | 'delivered';

/** Deliveries a second without and with so many others in the database. */
export interface BacklogRow {
  readonly database: string;
  readonly kind: Kind;
  readonly count: number;
  readonly without: number;
  readonly with: number;
}

/** Webhooks that hear of each change. */
const webhooks = 3;

/** What each kind of backlog costs; `scale` is the part of the full numbers that is made. */
export async function backlog(
  target: Target,
  receiver: Receiving,
  plan: { readonly deliveries: number; readonly rounds: number; readonly scale: number },
): Promise<BacklogRow[]> {
  const rows: BacklogRow[] = [];
  for (const [kind, most] of [
    ['scheduled for later', 1_000_000],
    ['blocked behind a stuck lane', 100_000],
    ['delivered', 1_000_000],
  ] as const) {
    const stage = await openStage(target, urlsOf(receiver.url, webhooks));
    const count = Math.round(most * plan.scale);
    const rate = async (): Promise<number> => {
      const rates: number[] = [];
      for (let n = 0; n <= plan.rounds; n += 1) {
        const { perSecond } = await round(stage, receiver, bulk, plan.deliveries);
        if (n > 0) rates.push(perSecond);
      }
      return rates.toSorted((a, b) => a - b)[rates.length >> 1] ?? Number.NaN;
    };
    try {
      const without = await rate();
      await fill(stage.db, kind, count);
      rows.push({ database: target.name, kind, count, without, with: await rate() });
    } finally {
      await stage.close();
    }
  }
  return rows;
}

const columns: Readonly<Record<Kind, string>> = {
  'scheduled for later': `'booking_update/' || i, 1, 'pending', 1, 4, later, null`,
  'blocked behind a stuck lane': `'booking_update/stuck', i, 'pending', case when i < ${webhooks} then 1 else 0 end, 4, later, null`,
  delivered: `'booking_update/' || i, 1, 'delivered', 1, 1, 1, 1`,
};

/** Makes so many deliveries to the webhooks that are measured, with their events and views. */
export async function fill(db: Db, kind: Kind, count: number): Promise<void> {
  const portion = 50_000;
  const later = Date.now() + 7 * 86_400_000;
  for (let from = 0; from < count; from += portion) {
    const many = `with recursive n (i) as (
      select ${from + 1} union all select i + 1 from n where i < ${Math.min(from + portion, count)}
    )`;
    await db.run(
      `insert into events (id, supplier_id, connection_id, type, subject_id, position, after, created_at)
       ${many} select '00-event-' || cast(10000000 + i as text), s.id, null, 'booking_update', 'of ' || cast(i as text), 1, '{}', 1
                 from n, (select min(id) as id from suppliers) s`,
    );
    await db.run(
      `insert into views (id, event_id, language, body)
       ${many} select '00-view-' || cast(10000000 + i as text), '00-event-' || cast(10000000 + i as text), 'en', '{}' from n`,
    );
    await db.run(
      `insert into deliveries
         (id, supplier_id, webhook_id, webhook_version_id, event_id, view_id, lane, position, state, is_head, step, due_at,
          ended_at, lease_until, created_at)
       ${many} select '00-delivery-' || cast(10000000 + i as text), w.supplier_id, w.id, '-',
                      '00-event-' || cast(10000000 + i as text), '00-view-' || cast(10000000 + i as text),
                      ${columns[kind].replace('later', String(later))}, 0, 1
                 from n join (select id, supplier_id, row_number() over (order by id) - 1 as place,
                                     count(*) over () as webhooks from webhooks) w on w.place = i % w.webhooks`,
    );
  }
}
