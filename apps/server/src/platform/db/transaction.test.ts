import fc from 'fast-check';
import { expect, it } from 'vitest';
import { onEachEngine } from '../../../test/support/databases.ts';
import { runs } from '../../../test/support/scale.ts';
import type { Db, Tx } from './db.ts';

const insert = (tx: Tx, id: number) => tx.run('insert into notes (id, body) values ($1, $2)', [id, `note ${id}`]);

async function ids(db: Db): Promise<number[]> {
  return (await db.reader.all<{ id: number }>('select id from notes order by id')).map(({ id }) => id);
}

onEachEngine('a transaction', (open) => {
  async function withNotes(): Promise<Db> {
    const db = await open({ migrate: false });
    await db.run('create table notes (id bigint primary key, body text not null)');
    return db;
  }

  it('takes place whole', async () => {
    const db = await withNotes();
    const result = await db.transaction(async (tx) => {
      await insert(tx, 1);
      await insert(tx, 2);
      return tx.all('select id from notes order by id');
    });
    expect(result).toEqual([{ id: 1 }, { id: 2 }]);
    expect(await ids(db)).toEqual([1, 2]);
  });

  it('leaves nothing when its work throws', async () => {
    const db = await withNotes();
    const failing = db.transaction(async (tx) => {
      await insert(tx, 1);
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect(await ids(db)).toEqual([]);
  });

  it('fails when a statement of it failed, also when its work catches that', async () => {
    const db = await withNotes();
    const failing = db.transaction(async (tx) => {
      await insert(tx, 1);
      await insert(tx, 1).catch(() => undefined);
      return 'done';
    });
    await expect(failing).rejects.toMatchObject({ kind: 'unique' });
    expect(await ids(db)).toEqual([]);
  });

  it('fails with what nobody waited for, and others that share its commit do not', async () => {
    const db = await withNotes();
    const send = (tx: Tx, id: number) => tx.send('insert into notes (id, body) values ($1, $2)', [id, `note ${id}`]);
    const hooks: string[] = [];
    const outcomes = await Promise.allSettled([
      db.transaction(async (tx) => send(tx, 1)),
      db.transaction(async (tx) => {
        tx.afterCommit(() => hooks.push('of the one that fails'));
        send(tx, 2);
        send(tx, 2);
        send(tx, 3);
      }),
      db.transaction(async (tx) => {
        tx.afterCommit(() => hooks.push('of the one that is kept'));
        send(tx, 4);
      }),
    ]);
    expect(outcomes).toMatchObject([
      { status: 'fulfilled' },
      { status: 'rejected', reason: { kind: 'unique' } },
      { status: 'fulfilled' },
    ]);
    expect(await ids(db)).toEqual([1, 4]);
    expect(hooks).toEqual(['of the one that is kept']);
  });

  it('fails with the first failure, also when its work learns of a later one first', async () => {
    const db = await withNotes();
    const failing = db.transaction(async (tx) => {
      const first = insert(tx, 1).then(() => insert(tx, 1));
      const second = insert(tx, 2);
      await Promise.all([first.then(() => undefined).then(() => undefined), second.then(() => insert(tx, 3))]);
    });
    await expect(failing).rejects.toMatchObject({ kind: 'unique' });
  });

  it('runs no statement after one that failed', async () => {
    const db = await withNotes();
    const outcomes: PromiseSettledResult<unknown>[] = [];
    const failing = db.transaction(async (tx) => {
      outcomes.push(...(await Promise.allSettled([insert(tx, 1), insert(tx, 1), insert(tx, 2)])));
      outcomes.push(...(await Promise.allSettled([insert(tx, 3)])));
    });
    await expect(failing).rejects.toMatchObject({ kind: 'unique' });
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'rejected']);
    expect(await ids(db)).toEqual([]);
  });

  it('sends statements in the order of their calls, awaited or not', async () => {
    const db = await withNotes();
    const [, , counted] = await db.transaction((tx) =>
      Promise.all([insert(tx, 1), insert(tx, 2), tx.all('select count(*) as n from notes'), insert(tx, 3)]),
    );
    expect(counted).toEqual([{ n: 2 }]);
    expect(await ids(db)).toEqual([1, 2, 3]);
  });

  it('includes statements that its work did not await', async () => {
    const db = await withNotes();
    await db.transaction(async (tx) => {
      void insert(tx, 1);
    });
    expect(await ids(db)).toEqual([1]);
    const failing = db.transaction(async (tx) => {
      void insert(tx, 2);
      insert(tx, 1).catch(() => undefined);
    });
    await expect(failing).rejects.toMatchObject({ kind: 'unique' });
    expect(await ids(db)).toEqual([1]);
  });

  it('takes no statement after its end', async () => {
    const db = await withNotes();
    let kept: Tx | undefined;
    await db.transaction(async (tx) => {
      kept = tx;
    });
    await expect(insert(kept!, 1)).rejects.toThrow('the transaction has ended');
    expect(await ids(db)).toEqual([]);
  });

  it('is not seen by others before its commit', async () => {
    const db = await withNotes();
    await db.transaction(async (tx) => {
      await insert(tx, 1);
      expect(await ids(db)).toEqual([]);
    });
    expect(await ids(db)).toEqual([1]);
  });

  it('calls its hooks in order once it is committed, before its caller goes on', async () => {
    const db = await withNotes();
    const calls: string[] = [];
    let seen: Promise<number[]> | undefined;
    await db.transaction(async (tx) => {
      tx.afterCommit(() => {
        calls.push('first');
        seen = ids(db);
      });
      await insert(tx, 1);
      tx.afterCommit(() => calls.push('second'));
      calls.push('work');
    });
    calls.push('caller');
    expect(calls).toEqual(['work', 'first', 'second', 'caller']);
    expect(await seen).toEqual([1]);
  });

  it('calls no hook after a rollback', async () => {
    const db = await withNotes();
    const calls: string[] = [];
    const failing = db.transaction(async (tx) => {
      tx.afterCommit(() => calls.push('hook'));
      await insert(tx, 1);
      await insert(tx, 1).catch(() => undefined);
    });
    await expect(failing).rejects.toMatchObject({ kind: 'unique' });
    const nothing = db.transaction(async (tx) => {
      tx.afterCommit(() => calls.push('hook'));
      throw new Error('before any statement');
    });
    await expect(nothing).rejects.toThrow('before any statement');
    expect(calls).toEqual([]);
  });

  it('loses no update when rows are locked', async () => {
    const db = await withNotes();
    await db.run(`insert into notes values (1, '0')`);
    await Promise.all(
      Array.from({ length: 50 }, () =>
        db.transaction(async (tx) => {
          const [row] = await tx.all<{ body: string }>(`select body from notes where id = 1${tx.dialect.forUpdate}`);
          await tx.run('update notes set body = $1 where id = 1', [String(Number(row!.body) + 1)]);
        }),
      ),
    );
    expect(await db.all('select body from notes')).toEqual([{ body: '50' }]);
  });

  it('fails alone: what others did at the same time is kept', async () => {
    const db = await withNotes();
    const ending = fc.constantFrom('commit', 'throw', 'duplicate', 'syntax');
    let next = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ rows: fc.nat(4), ending, single: fc.boolean() }), { minLength: 1, maxLength: 40 }),
        async (plans) => {
          await db.run('delete from notes');
          const expected: number[] = [];
          const outcomes = await Promise.allSettled(
            plans.map((plan) => {
              const mine = Array.from({ length: plan.rows + 1 }, () => next++);
              if (plan.ending === 'commit') expected.push(...(plan.single ? mine.slice(0, 1) : mine));
              if (plan.single && plan.ending === 'commit')
                return db.run('insert into notes values ($1, $2)', [mine[0]!, '']);
              if (plan.single) return db.run('insert into notes values ($1, $2), ($1, $2)', [mine[0]!, '']);
              return db.transaction(async (tx) => {
                for (const id of mine) await insert(tx, id);
                if (plan.ending === 'throw') throw new Error('thrown');
                if (plan.ending === 'duplicate') await insert(tx, mine[0]!);
                if (plan.ending === 'syntax') await tx.run('selekt');
              });
            }),
          );
          expect(outcomes.map(({ status }) => status === 'fulfilled')).toEqual(
            plans.map((plan) => plan.ending === 'commit'),
          );
          expect(await ids(db)).toEqual(expected.sort((a, b) => a - b));
        },
      ),
      { numRuns: runs(20) },
    );
  });

  it('counts its statements, and nothing else', async () => {
    const db = await withNotes();
    const before = db.statements;
    await db.transaction(async (tx) => {
      await insert(tx, 1);
      await insert(tx, 2);
    });
    await db.all('select 1 as one');
    await db.reader.all('select 1 as one');
    expect(db.statements - before).toBe(4);
  });
});
