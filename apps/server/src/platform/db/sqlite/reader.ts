import type { Dialect, Param, Queryable } from '../db.ts';
import { DatabaseError } from '../errors.ts';
import { DatabaseThread } from './thread.ts';
import { atEndOfTick } from './tick.ts';

/** A read-only connection in a thread of its own, started at the first statement, so that long reports never block writes. */
export class Reader implements Queryable {
  readonly dialect: Dialect;
  readonly #path: string;
  #thread: DatabaseThread | undefined;
  #posting: DatabaseThread | undefined;
  #unanswered = 0;
  #closed = false;
  #drained: (() => void) | undefined;
  statements = 0;

  constructor(path: string, dialect: Dialect) {
    this.#path = path;
    this.dialect = dialect;
  }

  all<Row>(sql: string, params: readonly Param[] = []): Promise<Row[]> {
    return this.#execute(sql, params, true) as Promise<Row[]>;
  }

  run(sql: string, params: readonly Param[] = []): Promise<number> {
    return this.#execute(sql, params, false) as Promise<number>;
  }

  /** The schema changed. */
  forgetStatements(): void {
    this.#thread?.forgetStatements();
  }

  /** Refuses new statements, waits for those in hand, and ends the thread. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#thread === undefined) return;
    if (this.#unanswered > 0) {
      await new Promise<void>((resolve) => {
        this.#drained = resolve;
      });
    }
    if (!this.#thread.hasEnded) await this.#thread.close();
  }

  #execute(sql: string, params: readonly Param[], wantsRows: boolean): Promise<unknown[] | number> {
    if (this.#closed) return Promise.reject(new DatabaseError('unavailable', 'the database is closed'));
    // What was asked of a thread that ended has failed; the next statement starts another.
    if (this.#thread === undefined || this.#thread.hasEnded) this.#thread = this.#start();
    const thread = this.#thread;
    this.#unanswered++;
    this.statements++;
    return new Promise((resolve, reject) => {
      thread.execute(sql, params, wantsRows, {
        done: (value) => {
          this.#answered();
          resolve(value);
        },
        failed: (error) => {
          this.#answered();
          reject(error);
        },
      });
      this.#schedulePost(thread);
    });
  }

  #start(): DatabaseThread {
    const thread = new DatabaseThread({ path: this.#path, readOnly: true });
    thread.opened.catch(() => thread.terminate());
    return thread;
  }

  #answered(): void {
    this.#unanswered--;
    if (this.#unanswered === 0) this.#drained?.();
  }

  #schedulePost(thread: DatabaseThread): void {
    if (this.#posting === thread) return;
    this.#posting = thread;
    atEndOfTick(() => {
      this.#posting = undefined;
      thread.post();
    });
  }
}
