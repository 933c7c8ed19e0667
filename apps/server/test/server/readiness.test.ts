import { expect, it } from 'vitest';
import { createLog } from '../../src/platform/log/index.ts';
import { createReadiness } from '../../src/readiness.ts';
import { createMetrics } from '../../src/telemetry/index.ts';
import { onEachEngine, onSqlite } from '../support/databases.ts';

const log = createLog({ level: 'silent' });
const unready = { ready: false, reason: 'the database does not take a write' };

onEachEngine('readiness', (open) => {
  it('is lost with the database, and leaves no trace in it', async () => {
    const db = await open();
    const readiness = createReadiness({ db, log, process: 'a' }, { answerMs: 2_000, freshMs: -1 });
    expect(await readiness()).toEqual({ ready: true });
    expect(await db.all(`select name from settings where name like 'probe%'`)).toEqual([]);
    await db.close();
    expect(await readiness()).toEqual(unready);
  });

  it('is asked of the database once for all who ask at the same time', async () => {
    const db = await open();
    const readiness = createReadiness({ db, log, process: 'a' });
    const before = db.statements;
    await Promise.all(Array.from({ length: 20 }, readiness));
    expect(db.statements - before).toBe(2);
  });

  it('is not waited for when the database takes too long', async () => {
    const db = await open();
    const readiness = createReadiness({ db, log, process: 'a' }, { answerMs: 50, freshMs: 0 });
    const { promise: goOn, resolve } = Promise.withResolvers<void>();
    const locked = Promise.withResolvers<void>();
    const holding = db.transaction(async (tx) => {
      await tx.run(`insert into settings (name, value) values ('probe of a', '')`);
      locked.resolve();
      await goOn;
    });
    await locked.promise;
    expect(await readiness()).toEqual(unready);
    resolve();
    await holding;
  });
});

onSqlite('readiness', (open) => {
  it('is lost on a full disk, and comes back with room', async () => {
    const db = await open();
    const readiness = createReadiness({ db, log, process: 'a' }, { answerMs: 2_000, freshMs: -1 });
    const [size] = await db.all<{ page_count: number }>('pragma page_count');
    await db.all(`pragma max_page_count = ${size!.page_count + 50}`);
    expect(await readiness()).toEqual({ ready: true });
    const fill = async (n: number): Promise<never> => {
      await db.run('insert into settings (name, value) values ($1, $2)', [`${n}`, 'x'.repeat(4_000)]);
      return fill(n + 1);
    };
    await expect(fill(0)).rejects.toMatchObject({ kind: 'disk_full' });
    expect(await readiness()).toEqual(unready);
    await db.run('delete from settings');
    expect(await readiness()).toEqual({ ready: true });
  });
});

onEachEngine('metrics', (open) => {
  it('keep their counters when the database is gone, and say that it is', async () => {
    const db = await open();
    const metrics = createMetrics({ db, log, now: Date.now });
    metrics.message({ messageId: 'm', supplierId: 's', orderId: 'o', state: 'sent', code: null, attempts: 1 });
    const up = await metrics.text();
    expect(up).toMatch(/^carillon_database_up 1$/m);
    expect(up).toMatch(/^carillon_messages_open\{state="settling"\} 0$/m);
    await db.close();
    const down = await metrics.text();
    expect(down).toMatch(/^carillon_database_up 0$/m);
    expect(down).toMatch(/^carillon_messages_total\{state="sent"\} 1$/m);
    expect(down).not.toContain('carillon_messages_open{');
  });
});
