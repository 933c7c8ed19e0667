import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { constraintOf } from './constraint.ts';
import { Prepared } from './prepared.ts';
import { answer, type DatabaseFile, op, type Word } from './protocol.ts';

/** How long to wait for another process that has the file locked, such as the sqlite3 shell. */
const busyMs = 5000;
const notRun = 'not run: an earlier statement of this transaction failed';
/** When the write-ahead log is moved into the database file: 8 MB. Longer is a little faster in bulk, and keeps everyone waiting longer. */
const checkpointPages = 1000;

/** The connection of a database thread: performs operations in order, and keeps one outer transaction per commit group. */
export class Connection {
  readonly #file: DatabaseFile;
  #database: DatabaseSync | undefined;
  readonly #sql = new Map<number, string>();
  readonly #prepared = new Map<number, Prepared>();
  readonly #controls = new Map<string, StatementSync>();
  /** A group is open: the outer transaction has begun, or tried to. */
  #open = false;
  /** Why the whole group is lost: the outer transaction could not begin, or SQLite gave it up. */
  #lost: unknown;
  /** SQLite gave it up: its outer transaction is over. */
  #givenUp = false;
  /** Transactions and statements of the group that were done, and wait for its commit. */
  #kept = 0;
  /** A transaction is in its savepoint, and whether one of its statements has failed: what follows of it is not run. */
  #inSavepoint = false;
  #failed = false;
  #wrote = false;

  constructor(file: DatabaseFile) {
    this.#file = file;
  }

  /** Opens the file and answers 0 or why not. */
  open(answers: Word[]): void {
    try {
      const database = new DatabaseSync(this.#file.path, { readOnly: this.#file.readOnly, timeout: busyMs });
      this.#database = database;
      if (!this.#file.readOnly) {
        // Of a new file. Bodies of 2 to 4 KB are stored 1.7 times as fast as with pages of 4096 bytes.
        database.exec('pragma page_size = 8192');
        database.exec('pragma journal_mode = wal');
        // A commit is on the disk before it is answered, also after a power failure.
        database.exec('pragma synchronous = full');
        database.exec('pragma foreign_keys = on');
        // `checkpoint` does it, after the answers have left.
        database.exec('pragma wal_autocheckpoint = 0');
        database.exec('pragma journal_size_limit = 67108864');
      }
      database.exec('pragma temp_store = memory');
      // 64 MiB.
      database.exec('pragma cache_size = -65536');
      answers.push(0);
    } catch (error) {
      this.#lost = error;
      this.#open = true;
      this.#answerFailure(answers, error);
    }
  }

  /** Performs the operations of one message. */
  perform(words: readonly Word[], answers: Word[]): void {
    let at = 0;
    while (at < words.length) {
      switch (words[at++]) {
        case op.define:
          this.#sql.set(words[at] as number, words[at + 1] as string);
          at += 2;
          break;
        case op.forget:
          this.#sql.delete(words[at] as number);
          this.#prepared.delete(words[at++] as number);
          break;
        case op.forgetAll:
          this.#sql.clear();
          this.#prepared.clear();
          break;
        case op.all:
        case op.run: {
          const wantsRows = words[at - 1] === op.all;
          const id = words[at] as number;
          const from = at + 2;
          at = from + (words[at + 1] as number);
          this.#execute(id, words.slice(from, at), wantsRows, answers);
          break;
        }
        case op.savepoint:
          this.#begin();
          this.#inSavepoint = true;
          this.#failed = false;
          this.#exec('savepoint own');
          break;
        case op.release:
          this.#endSavepoint(!this.#failed);
          break;
        case op.rollback:
          this.#endSavepoint(false);
          break;
        case op.commit:
          this.#commit(answers);
          break;
        case op.close:
          this.#close(answers);
          break;
      }
    }
  }

  /** A transaction is running that will say more. */
  get inTransaction(): boolean {
    return this.#inSavepoint;
  }

  /** Moves a long write-ahead log into the database file. */
  checkpoint(): void {
    if (!this.#wrote || this.#open || this.#file.readOnly) return;
    this.#wrote = false;
    try {
      const state = this.#control('pragma wal_checkpoint(noop)').get() as { log: number; checkpointed: number };
      if (state.log - state.checkpointed >= checkpointPages) this.#control('pragma wal_checkpoint(passive)').get();
    } catch {
      // A full disk, say: nothing is lost, the log grows, and the next commit tries again.
    }
  }

  #begin(): void {
    if (this.#open || this.#file.readOnly) return;
    this.#open = true;
    this.#lost = undefined;
    this.#givenUp = false;
    this.#kept = 0;
    this.#exec('begin immediate');
  }

  #endSavepoint(keep: boolean): void {
    this.#inSavepoint = false;
    if (!keep) this.#exec('rollback to own');
    this.#exec('release own');
    if (keep) this.#kept++;
    else this.#forgetLost();
  }

  /** A group that SQLite gave up before anything of it was kept fails nobody else: what comes next begins another. */
  #forgetLost(): void {
    if (!this.#givenUp || this.#kept > 0) return;
    this.#lost = undefined;
    this.#givenUp = false;
    this.#open = false;
  }

  #exec(sql: string): void {
    if (this.#lost !== undefined) return;
    try {
      this.#control(sql).run();
    } catch (error) {
      this.#lost = error;
    }
  }

  /** A statement of our own, prepared once. */
  #control(sql: string): StatementSync {
    const known = this.#controls.get(sql);
    if (known !== undefined) return known;
    const statement = (this.#database as DatabaseSync).prepare(sql);
    this.#controls.set(sql, statement);
    return statement;
  }

  #execute(id: number, params: Word[], wantsRows: boolean, answers: Word[]): void {
    this.#begin();
    try {
      if (this.#lost !== undefined) throw this.#lost;
      if (this.#inSavepoint && this.#failed) throw new Error(notRun);
      if (wantsRows) this.#prepare(id).all(params, answers);
      else this.#prepare(id).run(params, answers);
      if (!this.#inSavepoint) this.#kept++;
    } catch (error) {
      this.#failed = true;
      this.#answerFailure(answers, error);
      // Some failures (disk full, I/O) make SQLite roll back everything.
      if (this.#open && this.#lost === undefined && !this.#database?.isTransaction) {
        this.#lost = error;
        this.#givenUp = true;
      }
      if (!this.#inSavepoint) this.#forgetLost();
    }
  }

  #prepare(id: number): Prepared {
    const known = this.#prepared.get(id);
    if (known !== undefined) return known;
    const prepared = new Prepared(this.#database as DatabaseSync, this.#sql.get(id) as string);
    this.#prepared.set(id, prepared);
    return prepared;
  }

  #commit(answers: Word[]): void {
    if (this.#open) this.#exec('commit');
    this.#open = false;
    this.#wrote = true;
    if (this.#lost === undefined) {
      answers.push(0);
    } else {
      this.#answerFailure(answers, this.#lost);
      this.#lost = undefined;
      if (this.#database?.isTransaction) this.#control('rollback').run();
    }
  }

  #close(answers: Word[]): void {
    try {
      // The last connection to close moves the write-ahead log into the file and removes it.
      this.#database?.close();
      answers.push(0);
    } catch (error) {
      this.#answerFailure(answers, error);
    }
  }

  #answerFailure(answers: Word[], error: unknown): void {
    const { errcode, message } = error as { errcode?: number; message: string };
    const constraint =
      errcode === undefined || !this.#database ? undefined : constraintOf(this.#database, errcode, message);
    answers.push(answer.failed, errcode ?? null, message, constraint ?? null);
  }
}
