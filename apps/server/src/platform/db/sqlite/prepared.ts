import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { positional, verbOf } from '../sql.ts';
import { answer, type Word } from './protocol.ts';

/** SQLite's result code for a wrong number of parameters (SQLITE_RANGE). */
const outOfRange = 25;

const countingVerbs = new Set(['insert', 'update', 'delete', 'replace', 'with']);

/** A statement of a client, prepared, with answers in the form of the protocol. */
export class Prepared {
  readonly #statement: StatementSync;
  readonly #order: readonly number[] | undefined;
  readonly #count: number;
  /** SQLite counts rows changed by these only; after others its count is that of the statement before. */
  readonly #counts: boolean;
  /** How many columns the main thread knows of. */
  #columnsTold = -1;

  constructor(database: DatabaseSync, sql: string) {
    const { text, order, count } = positional(sql);
    this.#statement = database.prepare(text);
    this.#statement.setReturnArrays(true);
    this.#order = order;
    this.#count = count;
    this.#counts = countingVerbs.has(verbOf(sql));
  }

  /** Answers its rows. */
  all(params: readonly Word[], answers: Word[]): void {
    const rows = this.#statement.all(...this.#bound(params)) as unknown as Word[][];
    // Another process may have changed the schema: SQLite prepares the statement anew by itself, perhaps with other columns.
    if (this.#columnsTold === -1 || (rows[0] !== undefined && rows[0].length !== this.#columnsTold)) {
      const columns = this.#statement.columns();
      answers.push(answer.columns, columns.length);
      for (const column of columns) answers.push(column.name);
      this.#columnsTold = columns.length;
    }
    answers.push(rows.length);
    for (const row of rows) for (const value of row) answers.push(value);
  }

  /** Answers how many rows it changed. */
  run(params: readonly Word[], answers: Word[]): void {
    const { changes } = this.#statement.run(...this.#bound(params));
    answers.push(this.#counts ? Number(changes) : 0);
  }

  #bound(params: readonly Word[]): (string | number | bigint | null)[] {
    if (params.length !== this.#count) {
      const message = `the statement takes ${this.#count} parameters, ${params.length} were given`;
      throw Object.assign(new Error(message), { errcode: outOfRange });
    }
    const bound: (string | number | bigint | null)[] = [];
    for (let at = 0; at < (this.#order ?? params).length; at++) {
      const value = params[this.#order?.[at] ?? at] as Word;
      // node:sqlite binds every number as a real; a whole one must arrive as such, as on Postgres (`$1 / 2`, `$1 || ''`).
      bound.push(typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : value);
    }
    return bound;
  }
}
