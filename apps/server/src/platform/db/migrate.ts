import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Db, Tx } from './db.ts';
import { statementsOf } from './sql.ts';

/** The migrations cannot be applied to this database; the message says why. Nothing was changed by the one that is named. */
export class MigrationRefused extends Error {
  override readonly name = 'MigrationRefused';
}

/** What `migrate` did. */
export interface Migrated {
  /** File names without `.sql`, in order. */
  readonly applied: readonly string[];
  /** How many had been applied before. */
  readonly already: number;
}

interface Migration {
  readonly name: string;
  readonly sha256: string;
  readonly statements: readonly string[];
}

/**
 * Applies the numbered `.sql` files of a directory (`0001_name.sql`) that the database does not have, in order, each in one
 * transaction together with its row in `migrations`. Nodes that start at once on one Postgres wait for each other. Throws
 * `MigrationRefused` where a file was changed after it was applied, or the database has one that the directory does not have.
 */
export async function migrate(db: Db, directory: string, now: () => number): Promise<Migrated> {
  const migrations = await read(directory);
  const known = await db.transaction(appliedBefore);
  for (const name of known.keys()) {
    if (migrations.some((migration) => migration.name === name)) continue;
    throw new MigrationRefused(
      `the database has the migration ${name}, which this version does not know: a newer one wrote it`,
    );
  }
  const applied: string[] = [];
  for (const migration of migrations) {
    const sha256 = known.get(migration.name);
    if (sha256 !== undefined) checkUnchanged(migration, sha256);
    else if (await db.transaction((tx) => apply(tx, migration, now()))) applied.push(migration.name);
  }
  return { applied, already: migrations.length - applied.length };
}

async function read(directory: string): Promise<Migration[]> {
  const files = (await readdir(directory)).filter((file) => file.endsWith('.sql')).sort();
  const numbers = files.map((file) => /^(\d{4})_[a-z0-9_]+\.sql$/.exec(file)?.[1]);
  for (const [index, number] of numbers.entries()) {
    if (number === undefined) throw new MigrationRefused(`${files[index]} should be named like 0001_name.sql`);
    if (number === numbers[index - 1]) throw new MigrationRefused(`two migrations have the number ${number}`);
  }
  return Promise.all(files.map((file) => parse(directory, file)));
}

async function parse(directory: string, file: string): Promise<Migration> {
  const text = await readFile(join(directory, file), 'utf8');
  try {
    return {
      name: file.slice(0, -4),
      sha256: createHash('sha256').update(text).digest('hex'),
      statements: statementsOf(text),
    };
  } catch (error) {
    throw new MigrationRefused(`${file}: ${(error as Error).message}`, { cause: error });
  }
}

async function appliedBefore(tx: Tx): Promise<Map<string, string>> {
  await begin(tx);
  await tx.run(
    'create table if not exists migrations (name text primary key, sha256 text not null, applied_at bigint not null)',
  );
  const rows = await tx.all<{ name: string; sha256: string }>('select name, sha256 from migrations order by name');
  return new Map(rows.map(({ name, sha256 }) => [name, sha256]));
}

/** False if another node has applied it meanwhile. */
async function apply(tx: Tx, migration: Migration, now: number): Promise<boolean> {
  await begin(tx);
  const [row] = await tx.all<{ sha256: string }>('select sha256 from migrations where name = $1', [migration.name]);
  if (row !== undefined) {
    checkUnchanged(migration, row.sha256);
    return false;
  }
  for (const statement of migration.statements) await tx.run(statement);
  await tx.run('insert into migrations (name, sha256, applied_at) values ($1, $2, $3)', [
    migration.name,
    migration.sha256,
    now,
  ]);
  return true;
}

async function begin(tx: Tx): Promise<void> {
  for (const statement of tx.dialect.beginMigration) await tx.all(statement);
}

function checkUnchanged(migration: Migration, sha256: string): void {
  if (migration.sha256 === sha256) return;
  throw new MigrationRefused(
    `the migration ${migration.name} was changed after it was applied to this database; add a new one instead`,
  );
}
