import { padded, places, type Queryable, type Tx } from '../../platform/db/index.ts';

/** A stretch of ids: after one, and before another one. */
export interface Stretch {
  readonly after: string;
  readonly before: string;
  readonly limit: number;
}

type Swept = 'attempts' | 'views' | 'deliveries' | 'events' | 'webhook_versions';

/** The first ids of a table in a stretch, in order: by its primary key. */
export async function idsIn(db: Queryable, table: Swept, { after, before, limit }: Stretch): Promise<string[]> {
  const found = await db.all<{ id: string }>(`select id from ${table} where id > $1 and id < $2 order by id limit $3`, [
    after,
    before,
    limit,
  ]);
  return found.map(({ id }) => id);
}

const open = `state in ('pending', 'held')`;

/** Of attempts, those whose deliveries have ended, or are gone. */
export async function endedAttempts(tx: Tx, ids: readonly string[]): Promise<string[]> {
  const wanted = padded(ids);
  const found = await tx.all<{ id: string }>(
    `select a.id from attempts a left join deliveries d on d.id = a.delivery_id
      where a.id in (${places(wanted.length)}) and (d.id is null or d.state not in ('pending', 'held'))`,
    wanted,
  );
  return found.map(({ id }) => id);
}

/** Deletes attempts. */
export function deleteAttempts(tx: Tx, ids: readonly string[]): Promise<number> {
  const wanted = padded(ids);
  return tx.run(`delete from attempts where id in (${places(wanted.length)})`, wanted);
}

/**
 * Locks the deliveries of views, so that none of them is opened again meanwhile. A view of a test has none that could be.
 */
export async function lockDeliveriesOfViews(tx: Tx, viewIds: readonly string[]): Promise<void> {
  const wanted = padded(viewIds);
  await tx.all(
    `select id from deliveries
      where event_id in (select event_id from views where id in (${places(wanted.length)}))
      order by id${tx.dialect.forUpdate}`,
    wanted,
  );
}

/** Of views, those that nothing needs which has not ended. */
export async function spentViews(tx: Tx, ids: readonly string[]): Promise<string[]> {
  const wanted = padded(ids);
  const found = await tx.all<{ id: string }>(
    `select v.id from views v
      where v.id in (${places(wanted.length)})
        and not exists (select 1 from deliveries d where d.event_id = v.event_id and d.view_id = v.id and d.${open})`,
    wanted,
  );
  return found.map(({ id }) => id);
}

/** Deletes views. */
export function deleteViews(tx: Tx, ids: readonly string[]): Promise<number> {
  const wanted = padded(ids);
  return tx.run(`delete from views where id in (${places(wanted.length)})`, wanted);
}

/** A delivery that may be pruned. */
export interface Spent {
  readonly id: string;
  readonly viewId: string;
}

/** Of deliveries, those that have ended before a time (ms UTC), locked; what somebody else has locked is passed over. */
export function lockSpent(tx: Tx, ids: readonly string[], endedBefore: number): Promise<Spent[]> {
  const wanted = padded(ids);
  return tx.all<Spent>(
    `select id, view_id as "viewId" from deliveries
      where id in (${places(wanted.length, 2)}) and state not in ('pending', 'held') and ended_at < $1
      order by id${tx.dialect.forUpdateSkipLocked}`,
    [endedBefore, ...wanted],
  );
}

/**
 * Deletes deliveries with their attempts, and their views where no other delivery has them. A view that stays does not know any more
 * how many were made with it.
 */
export async function deleteDeliveries(tx: Tx, spent: readonly Spent[]): Promise<void> {
  const ids = padded(spent.map(({ id }) => id));
  const viewIds = padded([...new Set(spent.map(({ viewId }) => viewId))]);
  const listed = places(ids.length);
  const views = places(viewIds.length);
  await tx.run(`delete from attempts where delivery_id in (${listed})`, ids);
  await tx.run(`delete from deliveries where id in (${listed})`, ids);
  await tx.run(
    `delete from views
      where id in (${views})
        and not exists (select 1 from deliveries d where d.event_id = views.event_id and d.view_id = views.id)`,
    viewIds,
  );
  await tx.run(`update views set owed = null where id in (${views}) and owed is not null`, viewIds);
}

/**
 * Of the versions of webhooks, those that were replaced before a time (ms UTC; `before` is an id of it) and that no delivery can have
 * been made with which is still there.
 */
export async function unusedVersions(
  tx: Tx,
  ids: readonly string[],
  replaced: { readonly before: string; readonly beforeMs: number },
): Promise<string[]> {
  const wanted = padded(ids);
  const found = await tx.all<{ id: string }>(
    `select v.id from webhook_versions v
      where v.id in (${places(wanted.length, 3)}) and v.is_current = 0
        and exists (select 1 from webhook_versions n
                     where n.webhook_id = v.webhook_id and n.language = v.language and n.id > v.id and n.id < $1)
        and not exists (select 1 from deliveries d where d.webhook_id = v.webhook_id and d.created_at < $2)`,
    [replaced.before, replaced.beforeMs, ...wanted],
  );
  return found.map(({ id }) => id);
}

/** Deletes versions of webhooks. */
export function deleteVersions(tx: Tx, ids: readonly string[]): Promise<number> {
  const wanted = padded(ids);
  return tx.run(`delete from webhook_versions where id in (${places(wanted.length)})`, wanted);
}
