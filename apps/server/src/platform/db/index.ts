export type { Db, Dialect, Hint, Param, Queryable, SideBySide, Tx } from './db.ts';
export { DatabaseError, type DatabaseErrorKind, UnsupportedDatabase } from './errors.ts';
export { DataDirectoryInUse, DataDirectoryRefused } from './lock.ts';
export { type Migrated, MigrationRefused, migrate } from './migrate.ts';
export { openPostgres, type PostgresOptions } from './postgres/open.ts';
export { openSqlite, type SqliteOptions } from './sqlite/open.ts';
export { padded, places, portions, rows, type SqlType } from './values.ts';
