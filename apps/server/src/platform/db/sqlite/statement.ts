import type { Param } from '../db.ts';
import type { DatabaseError } from '../errors.ts';
import type { Waiting } from './thread.ts';
import type { Caller, Job, Writer } from './writer.ts';

/** What is to be run. */
export interface StatementText {
  readonly sql: string;
  readonly params: readonly Param[];
  readonly wantsRows: boolean;
}

/**
 * A transaction of one statement. It needs no savepoint, because SQLite undoes a statement that fails; and it is answered with its
 * group, so that nobody reads what is not durable.
 */
export class Statement implements Job, Waiting {
  readonly #writer: Writer;
  readonly #text: StatementText;
  readonly #caller: Caller<unknown[] | number>;
  #value: unknown[] | number = 0;
  #error: DatabaseError | undefined;

  constructor(writer: Writer, text: StatementText, caller: Caller<unknown[] | number>) {
    this.#writer = writer;
    this.#text = text;
    this.#caller = caller;
  }

  start(): void {
    const { sql, params, wantsRows } = this.#text;
    this.#writer.execute(sql, params, wantsRows, this);
    this.#writer.join(this);
  }

  done(value: unknown[] | number): void {
    this.#value = value;
  }

  failed(error: DatabaseError): void {
    this.#error = error;
  }

  committed(): void {
    if (this.#error === undefined) this.#caller.resolve(this.#value);
    else this.#caller.reject(this.#error);
  }

  lost(error: DatabaseError): void {
    this.#caller.reject(error);
  }
}
