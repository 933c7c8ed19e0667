import type { Queryable } from '../../platform/db/index.ts';

/** How many deliveries to a webhook were given up since a time (ms UTC); by an index of those alone. */
export async function missedSince(
  db: Queryable,
  of: { readonly webhookId: string; readonly since: number },
): Promise<number> {
  const [row] = await db.all<{ count: number }>(
    `select count(*) as count from deliveries where state = 'gave_up' and webhook_id = $1 and ended_at >= $2`,
    [of.webhookId, of.since],
  );
  return row?.count ?? 0;
}
