/** What a caller can tell about a statement or transaction that failed. */
export type DatabaseErrorKind =
  /** A row with this key exists. */
  | 'unique'
  | 'foreign_key'
  | 'check'
  | 'not_null'
  /** Deadlock, serialization failure, or a lock that was not had in time: the same work may succeed when run again. */
  | 'conflict'
  /** No database could be reached, or it went away: whether a commit in hand took place is unknown. */
  | 'unavailable'
  | 'disk_full'
  /** A value, row or statement is beyond a limit of the engine. */
  | 'too_big'
  | 'other';

/** The one error of both engines; what the engine said is its `cause`. */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError';
  readonly kind: DatabaseErrorKind;
  /**
   * unique: the index's name (`table_pkey` and `table_column_key` where none was given); check: the constraint's name, so name
   * it; not_null: `table.column`; foreign_key: only Postgres tells.
   */
  readonly constraint: string | undefined;

  constructor(
    kind: DatabaseErrorKind,
    message: string,
    options: { cause?: unknown; constraint?: string | undefined } = {},
  ) {
    super(message, { cause: options.cause });
    this.kind = kind;
    this.constraint = options.constraint;
  }
}

/** For a statement that comes after one that failed in the same transaction. */
export function notRun(failure: DatabaseError): DatabaseError {
  return new DatabaseError('other', 'not run: an earlier statement of this transaction failed', { cause: failure });
}

/** For a transaction that was given up, so that what it holds is free again. */
export function gaveUpIdle(idleMs: number): DatabaseError {
  return new DatabaseError(
    'other',
    `a transaction sent no statement for ${idleMs} ms; it may await nothing but itself`,
  );
}

/** The database server is one that Carillon does not run on; the message says which it needs. */
export class UnsupportedDatabase extends Error {
  override readonly name = 'UnsupportedDatabase';
}

/** Kinds by SQLSTATE (PostgreSQL, appendix A), whole codes first, then classes. */
const kindsBySqlState: Readonly<Record<string, DatabaseErrorKind>> = {
  '23505': 'unique',
  '23503': 'foreign_key',
  '23001': 'foreign_key',
  '23514': 'check',
  '23502': 'not_null',
  '40001': 'conflict',
  '40P01': 'conflict',
  '55P03': 'conflict',
  '53100': 'disk_full',
  '25006': 'unavailable',
  '25P03': 'unavailable',
  '57014': 'unavailable',
  '54': 'too_big',
  // Not the connection: our message was wrong, as with too few parameters.
  '08P01': 'other',
  '08': 'unavailable',
  '53': 'unavailable',
  '57': 'unavailable',
  '58': 'unavailable',
};

/** What an SQLSTATE means to us. */
export function kindOfSqlState(sqlState: string): DatabaseErrorKind {
  return kindsBySqlState[sqlState] ?? kindsBySqlState[sqlState.slice(0, 2)] ?? 'other';
}

/** Kinds by SQLite result code (sqlite.org/rescode.html), extended codes first, then primary codes. */
const kindsBySqliteCode: Readonly<Record<number, DatabaseErrorKind>> = {
  1555: 'unique',
  2067: 'unique',
  2579: 'unique',
  787: 'foreign_key',
  275: 'check',
  1299: 'not_null',
  5: 'conflict',
  6: 'conflict',
  7: 'unavailable',
  10: 'unavailable',
  11: 'unavailable',
  14: 'unavailable',
  26: 'unavailable',
  13: 'disk_full',
  18: 'too_big',
};

/** What an extended SQLite result code means to us. */
export function kindOfSqliteCode(code: number): DatabaseErrorKind {
  return kindsBySqliteCode[code] ?? kindsBySqliteCode[code & 0xff] ?? 'other';
}
