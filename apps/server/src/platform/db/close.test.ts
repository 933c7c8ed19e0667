import { expect, it } from 'vitest';
import { onEachEngine } from '../../../test/support/databases.ts';

onEachEngine('closing', (open, place) => {
  it('finishes what is in hand, and what waits', async () => {
    const at = await place({ migrate: false });
    const db = await open({ place: at, migrate: false });
    await db.run('create table notes (id bigint primary key)');
    const working = Array.from({ length: 100 }, (_, id) =>
      db.transaction(async (tx) => {
        await tx.all('select count(*) as n from notes');
        await tx.run('insert into notes values ($1)', [id]);
      }),
    );
    const reading = db.reader.all('select 1 as one');
    await db.close();
    await Promise.all([...working, reading]);
    const again = await open({ place: at, migrate: false });
    expect(await again.all('select count(*) as n from notes')).toEqual([{ n: 100 }]);
  });

  it('refuses what comes after it', async () => {
    const db = await open({ migrate: false });
    const wakes: string[] = [];
    db.listen('things', () => wakes.push('woken'));
    const closing = db.close();
    await expect(db.all('select 1 as one')).rejects.toMatchObject({ kind: 'unavailable' });
    await expect(db.run('create table t (a text)')).rejects.toMatchObject({ kind: 'unavailable' });
    await expect(db.transaction(async () => 1)).rejects.toMatchObject({ kind: 'unavailable' });
    await expect(db.reader.all('select 1 as one')).rejects.toMatchObject({ kind: 'unavailable' });
    db.notify('things');
    await closing;
    expect(wakes).toEqual([]);
  });

  it('may be done twice', async () => {
    const db = await open({ migrate: false });
    await Promise.all([db.close(), db.close()]);
    await db.close();
  });
});
