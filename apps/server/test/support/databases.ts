import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, inject } from 'vitest';
import { type Db, migrate } from '../../src/platform/db/index.ts';
import type {} from './global-setup.ts';
import { type OpenLimits, openPlace, type Place } from './place.ts';
import { administer, inDatabase, migrations } from './templates.ts';

export type { Place } from './place.ts';

export interface FreshOptions {
  /** Whether the database has the server's migrations. Default true. */
  readonly migrate?: boolean;
}

export interface OpenOptions extends FreshOptions, OpenLimits {
  /** The place of another database of this test, in place of a fresh one: for a second node, or for a restart. */
  readonly place?: Place;
}

/** Opens a database for the running test; it is closed after the test. */
export type OpenDatabase = (options?: OpenOptions) => Promise<Db>;

/** Makes a fresh database for the running test without opening it; it is dropped after the test. */
export type MakePlace = (options?: FreshOptions) => Promise<Place>;

/** A database that is not closed by then has work that never ends. */
const closeMs = 5000;

type Tests = (open: OpenDatabase, place: MakePlace) => void;

/** Describes behaviour that both engines must have: `tests` is called once for each, in a suite of its own. */
export function onEachEngine(name: string, tests: Tests): void {
  onSqlite(`${name} (SQLite)`, tests);
  onPostgres(`${name} (Postgres)`, tests);
}

/** Describes behaviour that only SQLite has. */
export function onSqlite(name: string, tests: Tests): void {
  describe(name, () => suite(newDirectory, tests));
}

/** Describes behaviour that only Postgres has. Without a server its tests are reported as skipped. */
export function onPostgres(name: string, tests: Tests): void {
  const postgres = inject('postgres');
  if ('url' in postgres) describe(name, () => suite((migrated) => newDatabase(postgres.url, migrated), tests));
  else describe.skip(`${name} (skipped: ${postgres.reason})`, () => suite(newDirectory, tests));
}

interface Temporary {
  readonly place: Place;
  drop(): Promise<void>;
}

function suite(create: (migrated: boolean) => Promise<Temporary>, tests: Tests): void {
  const ends: (() => Promise<void>)[] = [];
  afterEach(async () => {
    const failures: unknown[] = [];
    for (const end of ends.splice(0).reverse()) await end().catch((error) => failures.push(error));
    if (failures.length > 0) throw failures[0];
  });
  const place: MakePlace = async (options = {}) => {
    const { failure } = inject('templates');
    const migrated = options.migrate !== false;
    if (migrated && failure !== null) throw new Error(`the migrations failed: ${failure}`);
    const temporary = await create(migrated);
    ends.push(temporary.drop);
    return temporary.place;
  };
  const open: OpenDatabase = async (options = {}) => {
    const db = await openPlace(options.place ?? (await place(options)), options);
    ends.push(() => closeInTime(db));
    if (options.place !== undefined && options.migrate !== false) await migrate(db, migrations, Date.now);
    return db;
  };
  tests(open, place);
}

async function newDirectory(migrated: boolean): Promise<Temporary> {
  const directory = await mkdtemp(join(tmpdir(), 'carillon-test-'));
  if (migrated) await copyFile(join(inject('templates').directory, 'carillon.db'), join(directory, 'carillon.db'));
  return { place: { engine: 'sqlite', directory }, drop: () => rm(directory, { recursive: true, force: true }) };
}

let databases = 0;

async function newDatabase(url: string, migrated: boolean): Promise<Temporary> {
  const database = `carillon_test_${process.pid}_${++databases}`;
  const template = migrated ? inject('templates').database : 'template0';
  await administer(url, `create database ${database} encoding 'UTF8' template ${template}`);
  // Forced, because a test may have started processes that are still connected.
  const drop = () => administer(url, `drop database ${database} with (force)`);
  return { place: { engine: 'postgres', url: inDatabase(url, database) }, drop };
}

async function closeInTime(db: Db): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error('the test left a transaction that never ends: its database cannot be closed')),
      closeMs,
    );
  });
  await Promise.race([db.close(), late]).finally(() => clearTimeout(timer));
}
