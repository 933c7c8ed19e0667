import type { Tx } from '../platform/db/index.ts';

/** A call that came with a key. */
export interface KeyedCall {
  readonly supplierId: string;
  readonly key: string;
  /** SHA-256 of the call and its body, in base64url. */
  readonly fingerprint: string;
}

/** What a call was answered. */
export interface KeptAnswer {
  readonly fingerprint: string;
  /** JSON. */
  readonly answer: string;
}

/** What the call with a key was answered; undefined: none came. */
export async function keptAnswer(
  tx: Tx,
  { supplierId, key }: Pick<KeyedCall, 'supplierId' | 'key'>,
): Promise<KeptAnswer | undefined> {
  const [row] = await tx.all<KeptAnswer>(
    'select fingerprint, answer from kept_answers where supplier_id = $1 and idempotency_key = $2',
    [supplierId, key],
  );
  return row;
}

/** Keeps the answer to a call, at a time (ms UTC). Fails as `unique` where another call with its key was quicker. */
export function keepAnswer(tx: Tx, call: KeyedCall, answer: string, at: number): Promise<number> {
  return tx.run(
    `insert into kept_answers (supplier_id, idempotency_key, fingerprint, answer, created_at)
     values ($1, $2, $3, $4, $5)`,
    [call.supplierId, call.key, call.fingerprint, answer, at],
  );
}

/** Forgets at most `limit` of the answers that were kept before a time (ms UTC), the oldest first; gives how many. */
export function forgetAnswers(tx: Tx, before: number, limit: number): Promise<number> {
  return tx.run(
    `delete from kept_answers
      where (supplier_id, idempotency_key) in (
        select supplier_id, idempotency_key from kept_answers
         where created_at < $1 order by created_at limit $2${tx.dialect.forUpdateSkipLocked})`,
    [before, limit],
  );
}
