import type { TestProject } from 'vitest/node';
import { findBinaries } from './postgres-binaries.ts';
import { type PostgresServer, startPostgres } from './postgres-server.ts';
import { administer, makeTemplates, type Templates } from './templates.ts';

/** The Postgres of this run, or why there is none. */
export type TestPostgres = { readonly url: string } | { readonly reason: string };

declare module 'vitest' {
  export interface ProvidedContext {
    postgres: TestPostgres;
    templates: Templates;
  }
}

/**
 * Finds or starts the Postgres that the tests of this run share: `CARILLON_TEST_POSTGRES_URL`, or one of this machine, or the one
 * that npm installed (`CARILLON_TEST_POSTGRES=system`, `embedded` or `none` allows only that). Without one its tests are skipped,
 * unless `CARILLON_TEST_REQUIRE=postgres`.
 */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const { server, postgres } = await findPostgres();
  if ('reason' in postgres) {
    if (process.env.CARILLON_TEST_REQUIRE?.split(',').includes('postgres'))
      throw new Error(`CARILLON_TEST_REQUIRE=postgres, but ${postgres.reason}`);
    process.stderr.write(`\nTests on Postgres are SKIPPED: ${postgres.reason}\n\n`);
  }
  const { drop, ...templates } = await makeTemplates('url' in postgres ? postgres.url : undefined);
  provide('postgres', postgres);
  provide('templates', templates);
  return async () => {
    await drop();
    await server?.end();
  };
}

async function findPostgres(): Promise<{ readonly postgres: TestPostgres; readonly server?: PostgresServer }> {
  const { CARILLON_TEST_POSTGRES_URL: url, CARILLON_TEST_POSTGRES: only } = process.env;
  if (url !== undefined) {
    // Whoever names a server wants it used: one that does not answer fails the run.
    await administer(url, 'select 1');
    return { postgres: { url } };
  }
  const found = await findBinaries(only);
  if ('reason' in found) return { postgres: found };
  try {
    const server = await startPostgres(found);
    return { postgres: { url: server.url }, server };
  } catch (error) {
    return { postgres: { reason: `Postgres could not be started: ${(error as Error).message}` } };
  }
}
