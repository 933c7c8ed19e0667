import { setTimeout as delay } from 'node:timers/promises';
import type { Db, Dialect, Hint, Param, Queryable, Tx } from '../db.ts';
import { DatabaseError } from '../errors.ts';
import { Notifications } from './notifications.ts';
import { checkServer } from './server.ts';
import { Sessions } from './sessions.ts';
import { liftLimit, Transaction } from './transaction.ts';

export interface PostgresOptions {
  /** `postgres://…`, as in `DATABASE_URL`. */
  readonly url: string;
  /** Connections at most, beside the one for notifications. Default 10. */
  readonly poolSize?: number;
  /** The longest that a statement may run. Default 30 s; migrations have no limit. */
  readonly statementTimeoutMs?: number;
  /** How much longer than that the server may be silent, before its connection is given up. Default 5 s. */
  readonly silenceMs?: number;
  /** A transaction that sends no statement for so long is given up, as it holds a connection and locks. Default 10 s. */
  readonly idleTransactionMs?: number;
  /** Told of each connection that broke, for the log. */
  readonly onConnectionLost?: (error: Error) => void;
}

const maxRetries = 3;

const dialect: Dialect = {
  concurrent: true,
  forUpdate: ' for update',
  forShareOf: (table) => ` for share of ${table}`,
  forUpdateSkipLocked: ' for update skip locked',
  nowMs: 'cast(floor(extract(epoch from clock_timestamp()) * 1000) as bigint)',
  // The number of the transaction first, so that no row has a place whose transaction has none.
  nextInSequence: ({ table }) =>
    `case when pg_current_xact_id() is null then 0 else nextval('${table}_sequence_seq') end`,
  sideBySide: {
    lastTaken: (table) => `(select case when is_called then last_value else 0 end from ${table}_sequence_seq)`,
    nextTransaction: 'cast(cast(pg_snapshot_xmax(pg_current_snapshot()) as text) as bigint)',
    oldestTransaction: 'cast(cast(pg_snapshot_xmin(pg_current_snapshot()) as text) as bigint)',
  },
  // The limit is lifted before the lock, for which a node may wait as long as another node's migration takes.
  beginMigration: [
    liftLimit,
    `select pg_advisory_xact_lock(hashtext('carillon migrations ' || coalesce(current_schema(), '')))`,
  ],
};

/** Opens a Postgres database, version 15 or later with encoding UTF8. Fails with `UnsupportedDatabase` or `DatabaseError`. */
export async function openPostgres(options: PostgresOptions): Promise<Db> {
  const onConnectionLost = (error: Error) => options.onConnectionLost?.(error);
  const idleTransactionMs = options.idleTransactionMs ?? 10_000;
  const sessions = new Sessions({
    url: options.url,
    poolSize: options.poolSize ?? 10,
    statementTimeoutMs: options.statementTimeoutMs ?? 30_000,
    silenceMs: options.silenceMs ?? 5_000,
    idleTransactionMs,
    onConnectionLost,
  });
  const db = new PostgresDb(sessions, idleTransactionMs, new Notifications(options.url, onConnectionLost));
  try {
    await checkServer(db);
  } catch (error) {
    await db.close();
    throw error;
  }
  return db;
}

class PostgresDb implements Db {
  readonly dialect = dialect;
  readonly #sessions: Sessions;
  readonly #idleMs: number;
  readonly #notifications: Notifications;
  /** Transactions in hand, and who waits for there to be none. */
  #inHand = 0;
  #drained: (() => void) | undefined;
  #closed: Promise<void> | undefined;

  constructor(sessions: Sessions, idleMs: number, notifications: Notifications) {
    this.#sessions = sessions;
    this.#idleMs = idleMs;
    this.#notifications = notifications;
  }

  get reader(): Queryable {
    return this;
  }

  get statements(): number {
    return this.#sessions.statements;
  }

  async all<Row>(sql: string, params: readonly Param[] = [], hint?: Hint): Promise<Row[]> {
    return (await this.#statement(sql, params, hint)).rows;
  }

  async run(sql: string, params: readonly Param[] = [], hint?: Hint): Promise<number> {
    return (await this.#statement(sql, params, hint)).rowCount ?? 0;
  }

  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.#retried(() =>
      this.#sessions.withClient(async (client) => {
        const transaction = new Transaction({ sessions: this.#sessions, client, dialect, idleMs: this.#idleMs });
        try {
          return await transaction.perform(work);
        } catch (error) {
          // Whatever the work made of the conflict, it is run again.
          throw transaction.failure?.kind === 'conflict' ? transaction.failure : error;
        }
      }),
    );
  }

  notify(channel: string): void {
    this.#notifications.notify(channel);
  }

  listen(channel: string, wake: () => void): () => void {
    return this.#notifications.listen(channel, wake);
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  #statement(sql: string, params: readonly Param[], hint: Hint | undefined) {
    return this.#retried(() => this.#sessions.withClient((client) => this.#sessions.send(client, sql, params, hint)));
  }

  /** Runs it again after a conflict, and keeps the database open until it is done. */
  async #retried<T>(perform: () => Promise<T>): Promise<T> {
    if (this.#closed !== undefined) throw new DatabaseError('unavailable', 'the database is closed');
    this.#inHand++;
    try {
      for (let retry = 1; ; retry++) {
        try {
          return await perform();
        } catch (error) {
          if (!(error instanceof DatabaseError && error.kind === 'conflict') || retry > maxRetries) throw error;
        }
        // Long enough for the winner to finish, and not the same for two losers.
        await delay(2 ** retry * 5 * (0.5 + Math.random()));
      }
    } finally {
      this.#inHand--;
      if (this.#inHand === 0) this.#drained?.();
    }
  }

  async #close(): Promise<void> {
    if (this.#inHand > 0) {
      await new Promise<void>((resolve) => {
        this.#drained = resolve;
      });
    }
    await Promise.all([this.#notifications.close(), this.#sessions.end()]);
  }
}
