import type { Dialect, Param, Tx } from '../db.ts';
import { DatabaseError, notRun } from '../errors.ts';
import { runHooks } from '../hooks.ts';
import type { Caller, Job, Writer } from './writer.ts';

/** What a transaction is made of. */
export interface TransactionParts<T> {
  readonly writer: Writer;
  readonly dialect: Dialect;
  /** A transaction that says nothing for so long is given up: it awaits something other than its own statements. */
  readonly idleMs: number;
  readonly work: (tx: Tx) => Promise<T>;
  readonly caller: Caller<T>;
}

/** A transaction with a function as its work: a savepoint of the group, which it has to itself while the work runs. */
export class Transaction<T> implements Job, Tx {
  readonly dialect: Dialect;
  readonly #writer: Writer;
  readonly #idleMs: number;
  readonly #work: (tx: Tx) => Promise<T>;
  readonly #caller: Caller<T>;
  readonly #hooks: (() => void)[] = [];
  #state: 'waiting' | 'working' | 'ended' = 'waiting';
  #begun = false;
  /** Statements said and not answered. */
  #unanswered = 0;
  #failure: DatabaseError | undefined;
  /** What the work failed with, while statements that it did not await are unanswered. */
  #fail: (() => void) | undefined;
  /** Runs the hooks and answers the caller. */
  #answer: (() => void) | undefined;
  #idle: NodeJS.Timeout | undefined;

  constructor({ writer, dialect, idleMs, work, caller }: TransactionParts<T>) {
    this.#writer = writer;
    this.dialect = dialect;
    this.#idleMs = idleMs;
    this.#work = work;
    this.#caller = caller;
  }

  all<Row>(sql: string, params: readonly Param[] = []): Promise<Row[]> {
    return this.#execute(sql, params, true) as Promise<Row[]>;
  }

  run(sql: string, params: readonly Param[] = []): Promise<number> {
    return this.#execute(sql, params, false) as Promise<number>;
  }

  send(sql: string, params: readonly Param[] = []): void {
    this.#execute(sql, params, false).catch(() => {
      // The transaction fails with it.
    });
  }

  afterCommit(hook: () => void): void {
    this.#hooks.push(hook);
  }

  start(): void {
    this.#state = 'working';
    this.#writer.own(this);
    this.#idle = setTimeout(() => this.#giveUpIdle(), this.#idleMs).unref();
    // Not an async function: the first statements of the work are to leave in this tick.
    let working: Promise<T>;
    try {
      working = this.#work(this);
    } catch (error) {
      working = Promise.reject(error);
    }
    working.then(
      (value) => this.#keep(value),
      (error) => this.#whenAnswered(() => this.#undo(error)),
    );
  }

  committed(): void {
    this.#answer?.();
  }

  lost(error: DatabaseError): void {
    this.#caller.reject(error);
  }

  #execute(sql: string, params: readonly Param[], wantsRows: boolean): Promise<unknown[] | number> {
    if (this.#state !== 'working') return Promise.reject(new DatabaseError('other', 'the transaction has ended'));
    if (this.#failure !== undefined) return Promise.reject(notRun(this.#failure));
    if (!this.#begun) {
      this.#begun = true;
      this.#writer.savepoint();
    }
    this.#unanswered++;
    this.#idle?.refresh();
    return new Promise((resolve, reject) => {
      this.#writer.execute(sql, params, wantsRows, {
        done: (value) => {
          this.#answered();
          resolve(value);
        },
        failed: (error) => {
          this.#failure ??= error;
          if (this.#state === 'ended') this.#writer.undone();
          this.#answered();
          reject(error);
        },
      });
    });
  }

  #answered(): void {
    this.#unanswered--;
    if (this.#unanswered === 0) this.#fail?.();
  }

  #whenAnswered(fail: () => void): void {
    if (this.#state === 'ended') return;
    if (this.#unanswered === 0) fail();
    else this.#fail = fail;
  }

  /** Statements may be unanswered: the thread releases the savepoint if none of them has failed, and undoes it otherwise. */
  #keep(value: T): void {
    if (this.#state === 'ended') return;
    if (this.#failure !== undefined) {
      this.#undo(this.#failure);
      return;
    }
    this.#end();
    this.#answer = () => {
      if (this.#failure !== undefined) {
        this.#caller.reject(this.#failure);
        return;
      }
      runHooks(this.#hooks);
      this.#caller.resolve(value);
    };
    if (this.#begun) {
      this.#writer.release();
      this.#writer.join(this);
    } else {
      this.#writer.leave(this);
      this.#answer();
    }
  }

  #undo(error: unknown): void {
    this.#end();
    if (this.#begun) this.#writer.rollback();
    this.#writer.leave(this);
    // Of several statements on their way the first is the one that failed; the others only were not run.
    this.#caller.reject(error instanceof DatabaseError && this.#failure !== undefined ? this.#failure : error);
  }

  #end(): void {
    this.#state = 'ended';
    clearTimeout(this.#idle);
  }

  #giveUpIdle(): void {
    if (this.#unanswered > 0) {
      this.#idle?.refresh();
      return;
    }
    const reason = `a transaction sent no statement for ${this.#idleMs} ms; it may await nothing but itself`;
    this.#undo(new DatabaseError('other', reason));
  }
}
