import { Pool, type PoolClient, type QueryResult } from 'pg';
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
  readonly onConnectionLost: (error: Error) => void;
}

/** A transaction that sends nothing for so long is given up by the server: it awaits something other than its own statements. */
const idleMs = 10_000;
/** How long a caller waits for a free connection, and a connection to be made. */
const connectMs = 10_000;
/** More callers than this waiting for a connection are refused. */
const maxWaiting = 20_000;

/** The pool, and how statements are sent over its connections. */
export class Sessions {
  readonly #pool: Pool;
  readonly #names = new StatementNames();
  statements = 0;

  constructor({ url, poolSize, statementTimeoutMs, onConnectionLost }: SessionOptions) {
    this.#pool = new Pool({
      connectionString: url,
      application_name: 'carillon',
      max: poolSize,
      connectionTimeoutMillis: connectMs,
      idleTimeoutMillis: 60_000,
      keepAlive: true,
      // Several statements of one transaction may be on their way.
      pipeline: true,
      types,
      // Not as parameters of the start-up packet, which poolers refuse.
      onConnect: (client) => client.query(settings(statementTimeoutMs)),
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

  /** Sends one statement. Fails with `DatabaseError`. */
  async send(client: PoolClient, sql: string, params: readonly Param[], hint: Hint | undefined): Promise<QueryResult> {
    this.statements++;
    // A statement without a name is parsed and planned for its parameters each time: the plan is fresh, with no `set local` around it.
    const name = hint === 'fresh_plan' ? undefined : this.#names.of(sql);
    try {
      return await client.query(
        name === undefined
          ? { text: sql, values: withoutNul(params) }
          : { name, text: sql, values: withoutNul(params) },
      );
    } catch (error) {
      if (isStalePlan(error)) this.#names.renew();
      throw postgresError(error);
    }
  }

  /** Sends begin, commit or rollback. Resolves to what the server made of it: a commit may come back as ROLLBACK. */
  async control(client: PoolClient, sql: 'begin' | 'commit' | 'rollback'): Promise<string> {
    try {
      return (await client.query(sql)).command;
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

function settings(statementTimeoutMs: number): string {
  return `set statement_timeout = ${statementTimeoutMs}; set idle_in_transaction_session_timeout = ${idleMs}`;
}
