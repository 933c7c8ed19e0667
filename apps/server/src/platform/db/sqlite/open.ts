import { join } from 'node:path';
import type { Db, Dialect, Param, Queryable, Tx } from '../db.ts';
import { DatabaseError } from '../errors.ts';
import { lockDataDirectory } from '../lock.ts';
import { Coalesced, Wakeups } from '../wakeups.ts';
import { Reader } from './reader.ts';
import { Statement } from './statement.ts';
import { DatabaseThread } from './thread.ts';
import { Transaction } from './transaction.ts';
import { Writer } from './writer.ts';

export interface SqliteOptions {
  /** The data directory; made where it is missing. */
  readonly directory: string;
  /** A transaction that sends no statement for so long is given up, or everyone would wait for it for ever. Default 10 s. */
  readonly idleTransactionMs?: number;
}

const idleTransactionMs = 10_000;

const dialect: Dialect = {
  concurrent: false,
  forUpdate: '',
  forShareOf: () => '',
  forUpdateSkipLocked: '',
  nowMs: `cast(unixepoch('subsec') * 1000 as integer)`,
  nextInSequence: ({ table, scope, row }) =>
    `(select coalesce(max(sequence), 0) from ${table} where ${scope}) + ${row}`,
  sideBySide: null,
  beginMigration: [],
};

/** Opens `carillon.db` in a data directory that no other server has. Fails with `DataDirectoryInUse` or `DatabaseError`. */
export async function openSqlite({ directory, ...options }: SqliteOptions): Promise<Db> {
  const unlock = lockDataDirectory(directory);
  const path = join(directory, 'carillon.db');
  const thread = new DatabaseThread({ path, readOnly: false });
  try {
    await thread.opened;
  } catch (error) {
    await thread.terminate();
    unlock();
    throw error;
  }
  return new SqliteDb(path, thread, options.idleTransactionMs ?? idleTransactionMs, unlock);
}

class SqliteDb implements Db {
  readonly dialect = dialect;
  readonly reader: Queryable;
  readonly #reader: Reader;
  readonly #thread: DatabaseThread;
  readonly #writer: Writer;
  readonly #idleMs: number;
  readonly #unlock: () => void;
  readonly #wakeups = new Wakeups();
  readonly #notifications = new Coalesced((channel) => this.#wakeups.wake(channel));
  #closed: Promise<void> | undefined;

  constructor(path: string, thread: DatabaseThread, idleMs: number, unlock: () => void) {
    this.#reader = new Reader(path, dialect);
    this.reader = this.#reader;
    this.#thread = thread;
    this.#writer = new Writer(thread, () => this.#reader.forgetStatements());
    this.#idleMs = idleMs;
    this.#unlock = unlock;
  }

  get statements(): number {
    return this.#thread.statements + this.#reader.statements;
  }

  all<Row>(sql: string, params: readonly Param[] = []): Promise<Row[]> {
    return this.#statement(sql, params, true) as Promise<Row[]>;
  }

  run(sql: string, params: readonly Param[] = []): Promise<number> {
    return this.#statement(sql, params, false) as Promise<number>;
  }

  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const caller = { resolve, reject };
      this.#writer.enqueue(new Transaction({ writer: this.#writer, dialect, idleMs: this.#idleMs, work, caller }));
    });
  }

  notify(channel: string): void {
    if (this.#closed === undefined) this.#notifications.request(channel);
  }

  listen(channel: string, wake: () => void): () => void {
    return this.#wakeups.add(channel, wake);
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  #statement(sql: string, params: readonly Param[], wantsRows: boolean): Promise<unknown[] | number> {
    return new Promise((resolve, reject) => {
      this.#writer.enqueue(new Statement(this.#writer, { sql, params, wantsRows }, { resolve, reject }));
    });
  }

  async #close(): Promise<void> {
    this.#notifications.stop();
    try {
      await Promise.all([this.#writer.drain(), this.#reader.close()]);
      await this.#thread.close();
    } catch (error) {
      // A thread that is gone has nothing left to close.
      if (!(error instanceof DatabaseError && error.kind === 'unavailable')) throw error;
    } finally {
      this.#unlock();
    }
  }
}
