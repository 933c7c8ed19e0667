import { DatabaseError, type Db, type Tx } from '../platform/db/index.ts';
import type { Refusal, Result } from './refusal.ts';

/** Carries a refusal out of a transaction, which it thereby undoes. */
class Refusing extends Error {
  override readonly name = 'Refusing';
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super('The transaction is undone: the call is refused');
    this.refusal = refusal;
  }
}

/** How often a command is run again after another was quicker with a uuid or a reference. */
const mostAttempts = 3;

/**
 * Runs a command in one transaction: a refusal undoes whatever it did. When a key turns out to be taken, somebody else was
 * quicker or a random reference met another: the command looks again, and finds it.
 */
export async function transact<T>(db: Db, work: (tx: Tx) => Promise<Result<T>>): Promise<Result<T>> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await db.transaction(async (tx) => {
        const result = await work(tx);
        if (!result.ok) throw new Refusing(result.refusal);
        return result;
      });
    } catch (error) {
      if (error instanceof Refusing) return { ok: false, refusal: error.refusal };
      if (!(error instanceof DatabaseError && error.kind === 'unique') || attempt === mostAttempts) throw error;
    }
  }
}
