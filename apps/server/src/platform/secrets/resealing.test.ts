import { expect, it } from 'vitest';
import { onEachEngine } from '../../../test/support/databases.ts';
import type { Db } from '../db/index.ts';
import { checkSecret } from './check.ts';
import { resealingWork } from './resealing.ts';
import { createSealing } from './sealing.ts';
import { replaceSealed, sealedByOthers } from './store.ts';

const [first, second, third] = ['the first master secret', 'the second master secret', 'the third master secret'];
const columns = [
  { table: 'safes', key: 'id', column: 'box' },
  { table: 'safes', key: 'id', column: 'lid' },
] as const;
const name = (n: number) => `safe ${String(n).padStart(4, '0')}`;

/** 450 rows that the first secret sealed, one in three without a lid. */
async function fill(db: Db): Promise<void> {
  const { seal } = createSealing([first]);
  await db.run('create table safes (id text primary key, box text not null, lid text)');
  await db.transaction(async (tx) => {
    for (let n = 0; n < 450; n += 1) {
      const lid = n % 3 === 0 ? null : seal(`lid ${n}`);
      tx.send('insert into safes (id, box, lid) values ($1, $2, $3)', [name(n), seal(`box ${n}`), lid]);
    }
  });
}

const stored = (db: Db) =>
  db.all<{ id: string; box: string; lid: string | null }>('select id, box, lid from safes order by id');

function working(db: Db, secrets: readonly [string, ...string[]]) {
  const lines: unknown[] = [];
  const log = { info: (line: unknown) => void lines.push(line), error: (line: unknown) => void lines.push(line) };
  const sealing = createSealing(secrets);
  const run = resealingWork({ db, sealing, columns, rotating: secrets.length > 1, log });
  return {
    run,
    lines,
    async pass() {
      let runs = 1;
      while ((await run()) === 'more') runs += 1;
      return runs;
    },
  };
}

onEachEngine('sealing anew', (open) => {
  it('goes on in portions, also after a crash, until the new secret opens everything and the former may go', async () => {
    const db = await open();
    await fill(db);
    await checkSecret(db, createSealing([first]), 'the secret');
    await working(db, [second, first]).run();
    const half = await stored(db);
    const { keyId } = createSealing([second]);
    expect(half.filter(({ box }) => box.startsWith(`s1.${keyId}.`))).toHaveLength(200);
    // Nobody may take the former one away yet.
    await expect(checkSecret(db, createSealing([second]), 'the secret')).rejects.toThrow('CARILLON_PREVIOUS_SECRETS');

    const after = working(db, [second, first]);
    expect(await after.pass()).toBeGreaterThan(2);
    expect(after.lines).toEqual([{ code: 'secrets.resealed', resealed: 550, keyId }]);
    const alone = createSealing([second]);
    await checkSecret(db, alone, 'the secret');
    for (const [n, row] of (await stored(db)).entries()) {
      expect(alone.open(row.box)).toBe(`box ${n}`);
      expect(row.lid === null ? null : alone.open(row.lid)).toBe(n % 3 === 0 ? null : `lid ${n}`);
    }
    await expect(checkSecret(db, createSealing([first]), 'the secret')).rejects.toThrow('is not the secret');
  });

  it('leaves alone what changed meanwhile and what nobody opens, and tells of that', async () => {
    const db = await open();
    await fill(db);
    const [box] = columns;
    const others = { keyId: createSealing([second]).keyId, after: '', limit: 9 };
    const row = (await sealedByOthers(db, box, others))[3];
    const changed = createSealing([second]).seal('changed meanwhile');
    await db.run('update safes set box = $1 where id = $2', [changed, name(3)]);
    await db.transaction(async (tx) => row && replaceSealed(tx, box, row, createSealing([second]).seal('old')));
    const foreign = createSealing([third]).seal('of nobody here');
    await db.run('update safes set box = $1 where id = $2', [foreign, name(7)]);
    const { pass, lines } = working(db, [second, first]);
    await pass();
    const rows = await stored(db);
    expect([row?.key, rows[3]?.box]).toEqual([name(3), changed]);
    expect(rows[7]?.box).toBe(foreign);
    expect(lines).toEqual([{ code: 'secrets.unopened', unopened: 1 }]);
  });

  it('finds in a later pass what a node with the former secret sealed after the first', async () => {
    const db = await open();
    await fill(db);
    const { pass } = working(db, [second, first]);
    await pass();
    await db.run('update safes set lid = $1 where id = $2', [createSealing([first]).seal('late'), name(0)]);
    await pass();
    expect(createSealing([second]).open((await stored(db))[0]?.lid ?? '')).toBe('late');
  });
});
