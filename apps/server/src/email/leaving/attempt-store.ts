import type { Queryable, Tx } from '../../platform/db/index.ts';

/** Records that a provider is about to be called. */
export async function insertAttempt(
  tx: Tx,
  attempt: {
    readonly id: string;
    readonly messageId: string;
    readonly number: number;
    readonly provider: string;
    readonly startedAt: number;
  },
): Promise<void> {
  await tx.run(
    'insert into message_attempts (id, message_id, number, provider, started_at) values ($1, $2, $3, $4, $5)',
    [attempt.id, attempt.messageId, attempt.number, attempt.provider, attempt.startedAt],
  );
}

/** Records what came of an attempt; its duration is null when its worker was lost. */
export async function endAttempt(
  tx: Tx,
  attempt: {
    readonly messageId: string;
    readonly number: number;
    readonly outcome: 'accepted' | 'deferred' | 'refused' | 'unknown';
    readonly detail: string | null;
    readonly durationMs: number | null;
    /** The provider's own id of what it took. */
    readonly ref: string | null;
  },
): Promise<void> {
  await tx.run(
    `update message_attempts set outcome = $3, detail = $4, duration_ms = $5, provider_ref = $6
      where message_id = $1 and number = $2`,
    [attempt.messageId, attempt.number, attempt.outcome, attempt.detail, attempt.durationMs, attempt.ref],
  );
}

/** When an attempt began, ms UTC. */
export async function attemptStartedAt(db: Queryable, messageId: string, number: number): Promise<number | undefined> {
  const [row] = await db.all<{ readonly at: number }>(
    'select started_at as at from message_attempts where message_id = $1 and number = $2',
    [messageId, number],
  );
  return row?.at;
}
