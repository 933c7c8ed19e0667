import { Pool, type PoolClient, type QueryConfig, type QueryResult } from 'pg';
import type { Hint, Param } from '../db.ts';
import { DatabaseError } from '../errors.ts';
import { withoutNul } from '../values.ts';
import { isStalePlan, postgresError } from './error.ts';
import { StatementNames } from './statement-names.ts';
import { types } from './values.ts';

/** How the sessions of the pool are made. */
export interface SessionOptions {
  readonly url: string;
  readonly poolSize: number;
  readonly statementTimeoutMs: number;
  /**
   * The server ends by itself what takes too long. One that has not said so by this much later is gone or frozen: its connection is
   * given up, or who waits on it would wait for ever.
   */
  readonly silenceMs: number;
  /** A transaction that sends nothing for so long is given up. */
  readonly idleTransactionMs: number;
  readonly onConnectionLost: (error: Error) => void;
}

/** How long a caller waits for a free connection, and a connection to be made. */
const connectMs = 10_000;
/** More callers than this waiting for a connection are refused. */
const maxWaiting = 20_000;

/** A query that breaks its connection when it is not answered in time; 0: waits for ever. */
interface TimedQuery extends QueryConfig {
  readonly query_timeout: number;
}

/** The pool, and how statements are sent over its connections. */
export class Sessions {
  readonly #pool: Pool;
  readonly #names = new StatementNames();
  readonly #answerMs: number;
  statements = 0;

  constructor(options: SessionOptions) {
    const { statementTimeoutMs, silenceMs, poolSize, onConnectionLost } = options;
    this.#answerMs = statementTimeoutMs + silenceMs;
    const settings: TimedQuery = {
      text: `set statement_timeout = ${statementTimeoutMs};
             set idle_in_transaction_session_timeout = ${options.idleTransactionMs + silenceMs}`,
      query_timeout: connectMs,
    };
    this.#pool = new Pool({
      connectionString: options.url,
      application_name: 'carillon',
      max: poolSize,
      connectionTimeoutMillis: connectMs,
      idleTimeoutMillis: 60_000,
      // With a connection goes what was prepared on it, under names that are not in use any more too.
      maxLifetimeSeconds: 3_600,
      keepAlive: true,
      // Several statements of one transaction may be on their way.
      pipeline: true,
      types,
      // Not as parameters of the start-up packet, which poolers refuse.
      onConnect: (client) => client.query(settings),
    });
    // Without listeners, a connection that the server closes would end the process; the next use makes a new one.
    this.#pool.on('connect', (client) => client.on('error', onConnectionLost));
    this.#pool.on('error', () => {
      // Of an idle connection, which has told its own listener.
    });
  }

  /** Lends a connection to `use`. One that broke is not put back. */
  async withClient<T>(use: (client: PoolClient) => Promise<T>): Promise<T> {
    const client = await this.#connect();
    let broken = false;
    try {
      return await use(client);
    } catch (error) {
      broken = error instanceof DatabaseError && error.kind === 'unavailable';
      throw error;
    } finally {
      client.release(broken);
    }
  }

  /** Sends one statement; `unlimited` waits for its answer however long that takes. Fails with `DatabaseError`. */
  async send(
    client: PoolClient,
    sql: string,
    params: readonly Param[],
    hint: Hint | 'unlimited' | undefined,
  ): Promise<QueryResult> {
    this.statements++;
    // A statement without a name is parsed and planned for its parameters each time: the plan is fresh, with no `set local` around it.
    const name = hint === undefined ? this.#names.of(sql) : undefined;
    const query_timeout = hint === 'unlimited' ? 0 : this.#answerMs;
    const query: TimedQuery = { text: sql, values: withoutNul(params), query_timeout };
    try {
      return await client.query(name === undefined ? query : { name, ...query });
    } catch (error) {
      if (isStalePlan(error)) this.#names.renew();
      throw postgresError(error);
    }
  }

  /** Sends begin, commit or rollback. Resolves to what the server made of it: a commit may come back as ROLLBACK. */
  async control(client: PoolClient, sql: 'begin' | 'commit' | 'rollback'): Promise<string> {
    const query: TimedQuery = { text: sql, query_timeout: this.#answerMs };
    try {
      return (await client.query(query)).command;
    } catch (error) {
      throw postgresError(error);
    }
  }

  /** Closes the connections; none may be lent. */
  async end(): Promise<void> {
    await this.#pool.end();
  }

  async #connect(): Promise<PoolClient> {
    if (this.#pool.waitingCount >= maxWaiting) {
      throw new DatabaseError('unavailable', `more than ${maxWaiting} transactions wait for the database`);
    }
    try {
      return await this.#pool.connect();
    } catch (error) {
      throw postgresError(error);
    }
  }
}
