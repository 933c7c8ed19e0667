import { existsSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { openPostgres } from '../../src/platform/db/index.ts';
import { findBinaries } from './postgres-binaries.ts';
import { startPostgres } from './postgres-server.ts';
import { startProgram } from './program.ts';

describe.for(['system', 'embedded'])('a Postgres server of the tests, from %s binaries', async (from) => {
  const binaries = await findBinaries(from);
  if ('reason' in binaries) {
    it.skip(`(skipped: ${binaries.reason})`);
    return;
  }
  const directoryOf = (url: string) => new URL(url).searchParams.get('host') ?? '';

  it('starts, stops, starts again, and leaves no files', { timeout: 30_000 }, async () => {
    const server = await startPostgres(binaries);
    const reach = async () => {
      const db = await openPostgres({ url: server.url, poolSize: 1 });
      await db.close();
    };
    await reach();
    await server.command('stop');
    await expect(reach()).rejects.toMatchObject({ kind: 'unavailable' });
    await server.command('start');
    await reach();
    expect(existsSync(directoryOf(server.url))).toBe(true);
    await server.end();
    expect(existsSync(directoryOf(server.url))).toBe(false);
  });

  it('ends with the process that started it, when that is killed', { timeout: 30_000 }, async () => {
    const program = startProgram('hold-postgres', binaries);
    const directory = directoryOf((await program.line()) ?? '');
    expect(existsSync(directory)).toBe(true);
    await program.kill();
    await vi.waitFor(() => expect(existsSync(directory)).toBe(false), { timeout: 20_000 });
  });
});

it('there is none where it is not wanted', async () => {
  expect(await findBinaries('none')).toEqual({ reason: 'CARILLON_TEST_POSTGRES=none' });
});
