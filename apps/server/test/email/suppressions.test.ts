import { expect, test } from 'vitest';
import { onEachEngine } from '../support/databases.ts';
import { createDesk, type Desk, supplierId } from './desk.ts';
import { postmarkDouble } from './postmark-double.ts';
import { confirmedOrder } from './provider.ts';

const ada = { supplierId, address: 'ada@example.com' };

onEachEngine('suppressions', (open) => {
  test('let no e-mail leave to their address, whatever its case, until they are removed', async () => {
    const desk = await createDesk(await open());
    const one = await desk.stack.suppressions.add({ ...ada, address: ' Ada@Example.com', scope: 'all' });
    await confirmedOrder(desk);
    expect(await desk.messages()).toMatchObject([{ state: 'skipped', reason: 'The address is suppressed by hand.' }]);
    expect(await desk.stack.suppressions.remove({ supplierId, id: one.id })).toBe(true);
    expect(await desk.stack.suppressions.remove({ supplierId, id: one.id })).toBe(false);
    expect(await desk.stack.suppressions.list({ supplierId, limit: 10 })).toEqual([]);
  });

  test('keep no address, not even sealed, where no provider must hear of it', async () => {
    const desk = await createDesk(await open());
    await desk.stack.suppressions.add({ ...ada, scope: 'all' });
    const [row] = await desk.db.all<{ address: string | null; hash: string }>(
      'select address, address_hash as hash from suppressions',
    );
    expect(row).toEqual({ address: null, hash: expect.stringMatching(/^[\w-]{43}$/) });
  });

  test('are listed page by page, and by address', async () => {
    const desk = await createDesk(await open());
    const { suppressions } = desk.stack;
    for (let n = 0; n < 5; n += 1) {
      desk.clock.now += n % 2;
      await suppressions.add({ supplierId, address: `guest-${n}@example.com`, scope: 'all' });
    }
    const all = (await suppressions.list({ supplierId, limit: 10 })).map(({ id }) => id);
    const paged: string[] = [];
    for (let before: string | undefined; ; before = paged.at(-1)) {
      const page = await suppressions.list({ supplierId, limit: 2, before });
      if (page.length === 0) break;
      paged.push(...page.map(({ id }) => id));
    }
    expect(paged).toEqual(all);
    expect(await suppressions.list({ supplierId, limit: 10, address: 'GUEST-3@example.com' })).toHaveLength(1);
  });
});

onEachEngine('suppressions and Postmark’s lists', (open) => {
  async function both(run: (at: { desk: Desk; double: Awaited<ReturnType<typeof postmarkDouble>> }) => Promise<void>) {
    const double = await postmarkDouble();
    try {
      const desk = await createDesk(await open(), { vendors: { postmark: double.url } });
      const settings = { serverToken: 'server-token', streams: { transactional: 'outbound', broadcast: 'broadcast' } };
      await desk.stack.directory.add(supplierId, { kind: 'postmark', name: 'Postmark', settings });
      await run({ desk, double });
    } finally {
      await double.close();
    }
  }
  const ours = async (desk: Desk) =>
    (await desk.stack.suppressions.list({ supplierId, limit: 100 }))
      .map(({ scope, reason, source }) => `${scope} ${reason} ${source}`)
      .toSorted();
  const lists = (double: Awaited<ReturnType<typeof postmarkDouble>>) =>
    [...double.suppressed.values()].map((list) => [...list.keys()].toSorted());

  test('what is on theirs comes onto ours, with its meaning', () =>
    both(async ({ desk, double }) => {
      double.suppressed.get('outbound')?.set('bounced@example.com', 'HardBounce');
      double.suppressed.get('broadcast')?.set('complained@example.com', 'SpamComplaint');
      double.suppressed.get('broadcast')?.set('unsubscribed@example.com', 'ManualSuppression');
      await desk.stack.sync();
      const all = ['all bounce postmark', 'all complaint postmark', 'marketing unsubscribe postmark'];
      expect(await ours(desk)).toEqual(all);
      desk.clock.now += 3_600_000;
      await desk.stack.sync();
      expect(await ours(desk)).toEqual(all);
    }));

  test('what is on ours comes onto theirs, by its scope, and its address is forgotten then', () =>
    both(async ({ desk, double }) => {
      await desk.stack.suppressions.add({ ...ada, scope: 'all' });
      await desk.stack.suppressions.add({ supplierId, address: 'bob@example.com', scope: 'marketing' });
      const sealed = await desk.db.all<{ address: string }>('select address from suppressions');
      expect(sealed.map(({ address }) => address.startsWith('s1.'))).toEqual([true, true]);
      expect(desk.stack.notified.times).toBe(2);
      await desk.stack.sync();
      expect(lists(double)).toEqual([['ada@example.com'], ['ada@example.com', 'bob@example.com']]);
      expect(await desk.db.all('select distinct address from suppressions')).toEqual([{ address: null }]);
    }));

  test('what is removed here is removed there, and does not come back; a complaint does', () =>
    both(async ({ desk, double }) => {
      double.suppressed.get('outbound')?.set('bounced@example.com', 'HardBounce');
      double.suppressed.get('outbound')?.set('complained@example.com', 'SpamComplaint');
      await desk.stack.sync();
      for (const { id } of await desk.stack.suppressions.list({ supplierId, limit: 10 })) {
        await desk.stack.suppressions.remove({ supplierId, id });
      }
      expect(await ours(desk)).toEqual([]);
      desk.clock.now += 3_600_000;
      await desk.stack.sync();
      expect(lists(double)).toEqual([['complained@example.com'], []]);
      expect(await ours(desk)).toEqual(['all complaint postmark']);
      expect(await desk.db.all('select count(*) as n from suppressions')).toEqual([{ n: 1 }]);
    }));

  test('a server that does not answer loses nothing: the next run tells it', () =>
    both(async ({ desk, double }) => {
      await desk.stack.suppressions.add({ ...ada, scope: 'all' });
      double.trouble({ status: 500, body: {} }, () => true);
      await desk.stack.sync();
      expect(desk.stack.failures).toHaveLength(1);
      expect(lists(double)).toEqual([[], []]);
      await desk.stack.sync();
      expect(lists(double)).toEqual([['ada@example.com'], ['ada@example.com']]);
    }));
});
