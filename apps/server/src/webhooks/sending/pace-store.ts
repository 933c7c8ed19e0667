import type { Tx } from '../../platform/db/index.ts';
import type { Pace } from './pace.ts';

/** Locks how much a webhook may be sent, and gives it with the database's time; one that was never sent to has `first` tokens. */
export async function lockPace(
  tx: Tx,
  webhookId: string,
  first: number,
): Promise<{ readonly pace: Pace; readonly now: number }> {
  tx.send(
    `insert into webhook_paces (webhook_id, tokens, filled_at) values ($1, $2, ${tx.dialect.nowMs})
     on conflict (webhook_id) do nothing`,
    [webhookId, first],
  );
  const [row] = await tx.all<{ tokens: number; filled_at: number; now: number }>(
    `select tokens, filled_at, ${tx.dialect.nowMs} as now from webhook_paces where webhook_id = $1${tx.dialect.forUpdate}`,
    [webhookId],
  );
  if (row === undefined) throw new Error(`The pace of ${webhookId} is gone`);
  return { pace: { tokens: row.tokens, filledAt: row.filled_at }, now: row.now };
}

/** Writes how much a webhook may be sent; its row is locked. */
export function writePace(tx: Tx, webhookId: string, pace: Pace): void {
  tx.send('update webhook_paces set tokens = $2, filled_at = $3 where webhook_id = $1', [
    webhookId,
    pace.tokens,
    pace.filledAt,
  ]);
}
