import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { onSqlite } from '../../../test/support/databases.ts';
import { type Program, startProgram } from '../../../test/support/program.ts';
import { DataDirectoryInUse, lockDataDirectory } from './lock.ts';

onSqlite('a data directory', (open, place) => {
  const programs: Program[] = [];
  afterEach(() => Promise.all(programs.splice(0).map((program) => program.kill())));
  const start = (at: unknown) => {
    const program = startProgram('hold-database', at);
    programs.push(program);
    return program;
  };

  it('is made for its owner only', async () => {
    const at = await place({ migrate: false });
    if (at.engine !== 'sqlite') return;
    const directory = join(at.directory, 'deep', 'data');
    lockDataDirectory(directory)();
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
  });

  it('has one server: a second is refused, in this process or another', async () => {
    const at = await place({ migrate: false });
    const first = start(at);
    expect(await first.line()).toBe('open');
    const refused = await open({ place: at, migrate: false }).catch((error) => error);
    expect(refused).toBeInstanceOf(DataDirectoryInUse);
    expect(refused).toMatchObject({ directory: at.engine === 'sqlite' && at.directory });
    expect(await start(at).line()).toMatch(/^refused: another Carillon server is running on the data directory \//);
    await first.finish();
    await open({ place: at, migrate: false });
    await expect(open({ place: at, migrate: false })).rejects.toBeInstanceOf(DataDirectoryInUse);
    expect(await start(at).line()).toMatch(/^refused/);
  });

  it('opens right after a kill -9 of its server', async () => {
    const at = await place({ migrate: false });
    const first = start(at);
    expect(await first.line()).toBe('open');
    await first.kill();
    const db = await open({ place: at, migrate: false });
    expect(await db.all('select 1 as one')).toEqual([{ one: 1 }]);
  });
});
