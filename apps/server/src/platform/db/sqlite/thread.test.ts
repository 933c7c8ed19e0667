import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Tx } from '../db.ts';
import { Statement } from './statement.ts';
import { DatabaseThread } from './thread.ts';
import { Transaction } from './transaction.ts';
import { Writer } from './writer.ts';

const dialect = {
  concurrent: false,
  forUpdate: '',
  forShareOf: () => '',
  forUpdateSkipLocked: '',
  nowMs: '',
  nextInSequence: () => '',
  sideBySide: null,
  beginMigration: [],
};

describe('when the thread of the database ends by itself', () => {
  let directory: string;
  let thread: DatabaseThread;
  let writer: Writer;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'carillon-test-'));
    thread = new DatabaseThread({ path: join(directory, 'carillon.db'), readOnly: false });
    writer = new Writer(thread, () => undefined);
    await thread.opened;
  });
  afterEach(async () => {
    await thread.terminate();
    await rm(directory, { recursive: true });
  });

  const run = (sql: string) =>
    new Promise((resolve, reject) => {
      writer.enqueue(new Statement(writer, { sql, params: [], wantsRows: false }, { resolve, reject }));
    });
  const transaction = (work: (tx: Tx) => Promise<unknown>) =>
    new Promise((resolve, reject) => {
      writer.enqueue(new Transaction({ writer, dialect, idleMs: 10_000, work, caller: { resolve, reject } }));
    });

  it('what is in hand fails as unavailable, and so does what comes after', async () => {
    await run('create table notes (id bigint)');
    const working = transaction(async (tx) => {
      await tx.run('insert into notes values (1)');
      await thread.terminate();
      await tx.run('insert into notes values (2)');
    });
    const waiting = run('insert into notes values (3)');
    await expect(working).rejects.toMatchObject({ kind: 'unavailable' });
    await expect(waiting).rejects.toMatchObject({ kind: 'unavailable' });
    await expect(run('insert into notes values (4)')).rejects.toMatchObject({ kind: 'unavailable' });
    await expect(transaction((tx) => tx.run('insert into notes values (5)'))).rejects.toMatchObject({
      kind: 'unavailable',
    });
  });

  it('statements on their way are answered', async () => {
    const sent = transaction((tx) => tx.all('select 1 as one')).catch((error) => error);
    await Promise.resolve();
    await thread.terminate();
    expect(await sent).toMatchObject({ kind: 'unavailable' });
  });

  it('closing does not wait for ever', async () => {
    await thread.terminate();
    await writer.drain();
    await expect(thread.close()).rejects.toMatchObject({ kind: 'unavailable' });
  });
});

describe('statements', () => {
  it('more of them than are kept prepared all work, again and again', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'carillon-test-'));
    const thread = new DatabaseThread({ path: join(directory, 'carillon.db'), readOnly: false });
    await thread.opened;
    const answers: unknown[] = [];
    await new Promise<void>((resolve, reject) => {
      for (let i = 0; i < 2000; i++) {
        const done = (value: unknown) => answers.push(value) === 2000 && resolve();
        thread.execute(`select $1 as c${i % 700}`, [i], true, { done, failed: reject });
        if (i % 100 === 99) thread.post();
      }
    });
    expect(answers).toEqual(Array.from({ length: 2000 }, (_, i) => [{ [`c${i % 700}`]: i }]));
    await thread.close();
    await rm(directory, { recursive: true });
  });
});
