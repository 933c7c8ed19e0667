/** What both engines bind: booleans are 0/1, times integer milliseconds UTC, JSON is text. NUL is stripped from text. */
export type Param = string | number | null;

/**
 * What a statement may ask of the engine beside being run. `fresh_plan`: plan it for these very parameters and keep no plan.
 * Claims ask for it, because a kept plan that flipped cost half the throughput; SQLite has no use for it.
 */
export type Hint = 'fresh_plan';

/** The few true differences of the engines, as pieces of SQL; nothing else asks which engine it is. */
export interface Dialect {
  /** Whether others write at the same time: on SQLite transactions take turns, and no other process has the file. */
  readonly concurrent: boolean;
  /** Appended to a select that must lock its rows: ` for update` on Postgres, empty on SQLite (one writer at a time). */
  readonly forUpdate: string;
  /** As `forUpdate`, for rows of one of the tables: others may share the lock meanwhile, but not change them. */
  readonly forShareOf: (table: string) => string;
  /** As `forUpdate`, passing over rows that somebody else has locked. */
  readonly forUpdateSkipLocked: string;
  /** Expression: the database's clock now, integer milliseconds UTC, not frozen by the transaction. Leases use it. */
  readonly nowMs: string;
  /**
   * Expression: the `sequence` (a column `bigserial`) of a row of an `insert … select` into a table, later than that of every row
   * within its `scope` that was committed when its transaction last waited for a lock. `row` numbers the rows of the statement from 1.
   */
  readonly nextInSequence: (of: { readonly table: string; readonly scope: string; readonly row: string }) => string;
  /** What tells which of those rows are settled, where transactions run side by side; null: what is committed is. */
  readonly sideBySide: SideBySide | null;
  /** Statements that begin a migration: other nodes that migrate the same schema wait until this transaction ends. */
  readonly beginMigration: readonly string[];
}

/** Expressions about transactions that run side by side; a transaction has its number before it takes a `nextInSequence`. */
export interface SideBySide {
  /** The last `sequence` of a table that any transaction took. */
  readonly lastTaken: (table: string) => string;
  /** The number that the next transaction gets which writes something. */
  readonly nextTransaction: string;
  /** The smallest number of a transaction under way, or the next one's where there is none. */
  readonly oldestTransaction: string;
}

/** Where statements are sent: the database, its reader, or a transaction. */
export interface Queryable {
  readonly dialect: Dialect;
  /** The rows that a `select` or a `returning` gives; a column that holds int8 is a number. Fails with `DatabaseError`. */
  all<Row>(sql: string, params?: readonly Param[], hint?: Hint): Promise<Row[]>;
  /** Runs a statement that changes rows and resolves to how many it changed. Fails with `DatabaseError`. */
  run(sql: string, params?: readonly Param[], hint?: Hint): Promise<number>;
}

/** A transaction while its work runs. */
export interface Tx extends Queryable {
  /**
   * Runs a statement in its turn, which nobody waits for: the commit follows at once. If it fails, the transaction does. The work
   * of a transaction that only sends at its end has the database to itself for one round trip less.
   */
  send(sql: string, params?: readonly Param[]): void;
  /** Called once the commit is durable, in order; never after a rollback. A hook must not throw. */
  afterCommit(hook: () => void): void;
}

/**
 * A database: SQLite in this process or Postgres, with one set of SQL. `all` and `run` on it are transactions of one statement
 * each, and promise no order among those that run at once; the statements of one transaction run in the order of their calls.
 */
export interface Db extends Queryable {
  /**
   * Whole or not at all. `work` awaits nothing but its own `tx` (waiting for `db` in it would be waiting for itself), and is
   * run again after a deadlock or serialization failure, at most 3 times (SQLite has neither: its transactions take turns, and one
   * fails as `conflict` only when another process keeps the file locked for 5 s). A statement that fails fails the transaction, also
   * when `work` catches the error.
   */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** For lists and reports, select only: a second, read-only connection on SQLite; the pool on Postgres. */
  readonly reader: Queryable;
  /**
   * A hint that something is due, to every listener of the channel in every process. At most one per channel in 10 ms (the
   * first at once), never a part of a transaction, and it may be lost: whoever listens also polls.
   */
  notify(channel: string): void;
  /** Calls `wake` upon `notify`, and whenever notifications may have been missed. Returns what ends it. */
  listen(channel: string, wake: () => void): () => void;
  /** Statements sent since opening; begin, commit and savepoints are not counted. */
  readonly statements: number;
  /** Refuses new work, finishes what is in hand, and closes. May be called twice. */
  close(): Promise<void>;
}
