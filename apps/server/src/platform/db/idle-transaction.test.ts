import { expect, it } from 'vitest';
import { onEachEngine } from '../../../test/support/databases.ts';

onEachEngine('a transaction whose work never ends', (open) => {
  it('is given up, leaves nothing, and the database can be used and closed', async () => {
    const db = await open({ migrate: false, idleTransactionMs: 50 });
    await db.run('create table notes (id bigint primary key)');
    const stuck = db.transaction(async (tx) => {
      await tx.run('insert into notes values (1)');
      await new Promise(() => undefined);
    });
    await expect(stuck).rejects.toThrow('it may await nothing but itself');
    await db.run('insert into notes values (1)');
    await db.close();
  });

  it('is not given up while it waits for its own statement', async () => {
    const db = await open({ migrate: false, idleTransactionMs: 50 });
    await db.run('create table notes (id bigint primary key)');
    // Takes longer than the limit on any machine.
    const slow = `with recursive n (i) as (select 1 union all select i + 1 from n where i < 400000)
                  insert into notes select i from n`;
    expect(await db.transaction((tx) => tx.run(slow))).toBe(400_000);
  });
});
