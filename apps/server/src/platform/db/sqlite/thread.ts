import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { Param } from '../db.ts';
import { DatabaseError, kindOfSqliteCode } from '../errors.ts';
import { verbOf } from '../sql.ts';
import { withoutNul } from '../values.ts';
import { answer, type DatabaseFile, op, type ThreadData, type Word } from './protocol.ts';

/** Who waits for the answer to an operation. Called at once when it arrives; must not throw. */
export interface Waiting {
  /** Rows, or the number of rows changed, or 0. */
  done(value: unknown[] | number): void;
  failed(error: DatabaseError): void;
}

interface Statement {
  readonly id: number;
  /** It changes the schema, so that what is known of statements does not hold after it. */
  readonly ddl: boolean;
  columns: readonly string[];
}

interface Pending {
  readonly waiting: Waiting;
  /** The statement, if rows are its answer. */
  readonly rowsOf: Statement | undefined;
}

const schemaVerbs = new Set(['create', 'alter', 'drop']);
/** How many statements a thread keeps prepared. */
const maxStatements = 500;

/** The main thread's side of a database thread. Operations collect until `post`, and are answered in order. */
export class DatabaseThread {
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #statements = new Map<string, Statement>();
  #nextId = 0;
  #words: Word[] = [];
  #pending: Pending[] = [];
  #gone: DatabaseError | undefined;
  /** Statements sent. */
  statements = 0;
  /** Resolves when the file is open; fails with `DatabaseError`. */
  readonly opened: Promise<void>;

  constructor(file: DatabaseFile) {
    const { port1, port2 } = new MessageChannel();
    const workerData: ThreadData = { ...file, port: port2 };
    this.#worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData, transferList: [port2] });
    this.#port = port1;
    this.#port.on('message', (words: readonly Word[]) => this.#receive(words));
    this.#worker.on('error', (error) => this.#fail(error));
    this.#worker.on('exit', () => this.#fail(undefined));
    this.opened = new Promise((resolve, reject) => {
      this.#pending.push({ waiting: { done: () => resolve(), failed: reject }, rowsOf: undefined });
    });
  }

  /** It answers nothing any more. */
  get hasEnded(): boolean {
    return this.#gone !== undefined;
  }

  /** Says a statement, whose answer goes to `waiting`. Returns whether it changes the schema, after which statements are forgotten. */
  execute(sql: string, params: readonly Param[], wantsRows: boolean, waiting: Waiting): boolean {
    const statement = this.#statement(sql);
    this.statements++;
    this.#words.push(wantsRows ? op.all : op.run, statement.id, params.length);
    for (const param of withoutNul(params)) this.#words.push(param);
    this.#pending.push({ waiting, rowsOf: wantsRows ? statement : undefined });
    if (statement.ddl) this.forgetStatements();
    return statement.ddl;
  }

  /** Says an operation that has no answer. */
  say(operation: typeof op.savepoint | typeof op.release | typeof op.rollback): void {
    this.#words.push(operation);
  }

  /** Says an operation that is answered with 0. */
  ask(operation: typeof op.commit | typeof op.close, waiting: Waiting): void {
    this.#words.push(operation);
    this.#pending.push({ waiting, rowsOf: undefined });
  }

  /** The schema changed: statements are prepared again and tell their columns again. */
  forgetStatements(): void {
    this.#statements.clear();
    this.#words.push(op.forgetAll);
  }

  /** Sends what was said. */
  post(): void {
    if (this.#gone !== undefined) {
      this.#failPending(this.#gone);
    } else if (this.#words.length > 0) {
      const words = this.#words;
      this.#words = [];
      this.#port.postMessage(words);
    }
  }

  /**
   * Stands still for answers to what was posted, at most `ms`. A short statement is answered within some ten microseconds; going
   * back to the event loop for it costs ten times as much, and more when the loop is busy.
   */
  awaitAnswers(ms: number): void {
    const until = performance.now() + ms;
    let received = receiveMessageOnPort(this.#port);
    while (received === undefined && performance.now() < until) received = receiveMessageOnPort(this.#port);
    if (received !== undefined) this.#receive(received.message);
  }

  /** Closes the file and ends the thread. Nothing may be pending. */
  async close(): Promise<void> {
    try {
      await new Promise<void>((resolve, reject) => {
        this.ask(op.close, { done: () => resolve(), failed: reject });
        this.post();
      });
    } finally {
      await this.terminate();
    }
  }

  /** Ends the thread as it is. What is pending fails as unavailable, and what is not committed is lost. */
  async terminate(): Promise<void> {
    this.#fail(undefined);
    this.#port.close();
    await this.#worker.terminate();
  }

  #statement(sql: string): Statement {
    const known = this.#statements.get(sql);
    if (known !== undefined) {
      if (this.#statements.size < maxStatements) return known;
      // Full: keep the map in the order of last use.
      this.#statements.delete(sql);
      this.#statements.set(sql, known);
      return known;
    }
    if (this.#statements.size === maxStatements) {
      const [oldest] = this.#statements;
      if (oldest !== undefined) {
        this.#statements.delete(oldest[0]);
        this.#words.push(op.forget, oldest[1].id);
      }
    }
    const statement: Statement = { id: this.#nextId++, ddl: schemaVerbs.has(verbOf(sql)), columns: [] };
    this.#statements.set(sql, statement);
    this.#words.push(op.define, statement.id, sql);
    return statement;
  }

  #receive(words: readonly Word[]): void {
    if (this.#gone !== undefined) return;
    const pending = this.#pending;
    let next = 0;
    for (let at = 0; at < words.length; ) {
      const { waiting, rowsOf } = pending[next++] as Pending;
      if (words[at] === answer.failed) {
        waiting.failed(
          sqliteError(words[at + 1] as number | null, words[at + 2] as string, words[at + 3] as string | null),
        );
        at += 4;
        continue;
      }
      if (rowsOf === undefined) {
        waiting.done(words[at++] as number);
        continue;
      }
      if (words[at] === answer.columns) {
        const count = words[at + 1] as number;
        rowsOf.columns = words.slice(at + 2, at + 2 + count) as string[];
        at += 2 + count;
      }
      const rows: Record<string, Word>[] = [];
      const columns = rowsOf.columns;
      for (let left = words[at++] as number; left > 0; left--) {
        const row: Record<string, Word> = {};
        for (const column of columns) row[column] = words[at++] as Word;
        rows.push(row);
      }
      waiting.done(rows);
    }
    // Answers are handed out without yielding, so whatever was said meanwhile is behind them.
    this.#pending = pending.slice(next);
  }

  #fail(cause: unknown): void {
    if (this.#gone !== undefined) return;
    this.#gone = new DatabaseError('unavailable', 'the thread of the database ended', { cause });
    this.#failPending(this.#gone);
  }

  #failPending(error: DatabaseError): void {
    this.#words = [];
    const pending = this.#pending;
    this.#pending = [];
    for (const { waiting } of pending) waiting.failed(error);
  }
}

function sqliteError(code: number | null, message: string, constraint: string | null): DatabaseError {
  return new DatabaseError(code === null ? 'other' : kindOfSqliteCode(code), message, {
    constraint: constraint ?? undefined,
    cause: code === null ? undefined : { sqliteCode: code },
  });
}
