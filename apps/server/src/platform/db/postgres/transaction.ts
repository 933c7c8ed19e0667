import type { PoolClient } from 'pg';
import type { Dialect, Hint, Param, Tx } from '../db.ts';
import { DatabaseError, gaveUpIdle, notRun } from '../errors.ts';
import { runHooks } from '../hooks.ts';
import type { Sessions } from './sessions.ts';

/** Lifts the server's limit of each statement for the rest of a transaction, as a migration must; ours goes with it. */
export const liftLimit = 'set local statement_timeout = 0';

/** What a transaction is made of. */
export interface TransactionParts {
  readonly sessions: Sessions;
  readonly client: PoolClient;
  readonly dialect: Dialect;
  /** A transaction that sends nothing for so long is given up: it awaits something other than its own statements. */
  readonly idleMs: number;
}

/** One run of a transaction's work on a connection that it has to itself. */
export class Transaction implements Tx {
  readonly dialect: Dialect;
  readonly #sessions: Sessions;
  readonly #client: PoolClient;
  readonly #idleMs: number;
  readonly #hooks: (() => void)[] = [];
  readonly #unanswered = new Set<Promise<unknown>>();
  #idle: NodeJS.Timeout | undefined;
  #unlimited = false;
  #ended = false;
  /** The first statement that failed. */
  failure: DatabaseError | undefined;

  constructor({ sessions, client, dialect, idleMs }: TransactionParts) {
    this.#sessions = sessions;
    this.#client = client;
    this.dialect = dialect;
    this.#idleMs = idleMs;
  }

  async all<Row>(sql: string, params: readonly Param[] = [], hint?: Hint): Promise<Row[]> {
    return (await this.#send(sql, params, hint)).rows;
  }

  async run(sql: string, params: readonly Param[] = [], hint?: Hint): Promise<number> {
    return (await this.#send(sql, params, hint)).rowCount ?? 0;
  }

  afterCommit(hook: () => void): void {
    this.#hooks.push(hook);
  }

  send(sql: string, params: readonly Param[] = []): void {
    this.#send(sql, params, undefined).catch(() => {
      // The transaction fails with it.
    });
  }

  /** Runs the work between begin and commit. Fails with what the work threw, or with the statement that failed. */
  async perform<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    // Not awaited yet: the first statement follows it on the wire.
    const begun = this.#sessions.control(this.#client, 'begin');
    begun.catch(() => {
      // Awaited below; the work may take longer than the failure.
    });
    let value: T;
    try {
      value = await Promise.race([work(this), this.#whenIdle()]);
      if (this.failure !== undefined) throw this.failure;
    } catch (error) {
      await this.#end();
      await this.#sessions.control(this.#client, 'rollback');
      // Of several statements on their way the first is the one that failed; the others only were not run.
      throw error instanceof DatabaseError && this.failure !== undefined ? this.failure : error;
    }
    // It follows the statements that the work did not await: where one of them fails, the server makes a rollback of it.
    const committing = this.#sessions.control(this.#client, 'commit');
    const [committed] = await Promise.allSettled([committing, begun, this.#end()]);
    await begun;
    if (this.failure !== undefined) throw this.failure;
    if (committed.status === 'rejected') throw committed.reason;
    if (committed.value !== 'COMMIT') throw new DatabaseError('other', 'the server rolled the transaction back');
    runHooks(this.#hooks);
    return value;
  }

  /** No more statements; those that the work did not await are answered. */
  async #end(): Promise<void> {
    this.#ended = true;
    clearTimeout(this.#idle);
    await Promise.allSettled(this.#unanswered);
  }

  /** Rejects once nothing was sent for so long and everything sent is answered. */
  #whenIdle(): Promise<never> {
    return new Promise((_, reject) => {
      this.#idle = setTimeout(() => {
        if (this.#unanswered.size > 0) this.#idle?.refresh();
        else reject(gaveUpIdle(this.#idleMs));
      }, this.#idleMs);
    });
  }

  async #send(sql: string, params: readonly Param[], hint: Hint | undefined) {
    if (this.#ended) throw new DatabaseError('other', 'the transaction has ended');
    if (this.failure !== undefined) throw notRun(this.failure);
    if (sql === liftLimit) this.#unlimited = true;
    this.#idle?.refresh();
    const sent = this.#sessions.send(this.#client, sql, params, this.#unlimited ? 'unlimited' : hint);
    this.#unanswered.add(sent);
    try {
      return await sent;
    } catch (error) {
      this.failure ??= error as DatabaseError;
      throw error;
    } finally {
      this.#unanswered.delete(sent);
    }
  }
}
