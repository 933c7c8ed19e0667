import { expect, test } from 'vitest';
import { onEachEngine } from '../support/databases.ts';
import { booking } from './bookings.ts';
import { createDesk, type Desk, given, supplierId } from './desk.ts';
import { type PostmarkTaken, postmarkDouble } from './postmark-double.ts';
import { accepted, confirmedOrder, provider } from './provider.ts';
import { smtpReceiver } from './smtp-receiver.ts';

const minute = 60_000;
const token = 'server-token';

/** Ends leases at once: nobody waits for a clock that is the database's. */
const endLeases = (desk: Desk) => desk.db.run('update messages set lease_until = 0');

onEachEngine('e-mails through a provider of the supplier’s own', (open) => {
  /** A desk whose supplier has a server at Postmark. */
  async function withPostmark(
    run: (at: { desk: Desk; double: Awaited<ReturnType<typeof postmarkDouble>> }) => Promise<void>,
  ) {
    const double = await postmarkDouble(token);
    try {
      const desk = await createDesk(await open(), { vendors: { postmark: double.url } });
      const made = await desk.stack.directory.add(supplierId, {
        kind: 'postmark',
        name: 'Postmark',
        sender: 'guests@carillon.example',
        settings: { serverToken: token, streams: { transactional: 'outbound', broadcast: 'broadcast' } },
      });
      expect(made).toMatchObject({ provider: { isDefault: true } });
      await run({ desk, double });
    } finally {
      await double.close();
    }
  }

  const ids = (taken: readonly PostmarkTaken[]) => taken.map(({ Metadata }) => Metadata.messageid);

  test('leave with its sender, and the provider’s id of each is kept', () =>
    withPostmark(async ({ desk, double }) => {
      await confirmedOrder(desk);
      expect(double.taken).toMatchObject([{ To: '"Ada Lovelace" <ada@example.com>', MessageStream: 'outbound' }]);
      expect(double.taken[0]?.From).toContain('<guests@carillon.example>');
      const [message] = await desk.messages();
      expect(message).toMatchObject({ state: 'sent', provider: 'postmark' });
      expect(ids(double.taken)).toEqual([message?.id]);
      const refs = await desk.db.all('select provider_ref as ref from message_attempts');
      expect(refs).toEqual([{ ref: double.taken[0]?.MessageID }]);
      expect(await desk.mails()).toEqual([]);
    }));

  test.each(['drop_after', 'hang_after'] as const)(
    'that arrived although its answer was lost (%s) are not sent again',
    (trouble) =>
      withPostmark(async ({ desk, double }) => {
        double.trouble(trouble);
        await confirmedOrder(desk);
        expect(await desk.messages()).toMatchObject([{ state: 'sending' }]);
        double.keepRecords(false);
        desk.clock.now += minute;
        await endLeases(desk);
        await desk.run();
        // The records may still lack it.
        expect(await desk.messages()).toMatchObject([{ state: 'sending' }]);
        double.keepRecords(true);
        await endLeases(desk);
        await desk.run();
        expect(await desk.messages()).toMatchObject([{ state: 'sent' }]);
        desk.clock.now += 24 * 60 * minute;
        await desk.run();
        expect(double.taken).toHaveLength(1);
      }),
  );

  test.each(['drop_before', 'hang_before'] as const)(
    'that did not arrive (%s) are sent once the records are sure to say so',
    (trouble) =>
      withPostmark(async ({ desk, double }) => {
        double.trouble(trouble);
        await confirmedOrder(desk);
        desk.clock.now += 9 * minute;
        await endLeases(desk);
        await desk.run();
        expect([await desk.messages(), double.taken]).toMatchObject([[{ state: 'sending' }], []]);
        desk.clock.now += 2 * minute;
        await endLeases(desk);
        await desk.run();
        expect(await desk.messages()).toMatchObject([{ state: 'sent', attempts: 2 }]);
        expect(double.taken).toHaveLength(1);
      }),
  );

  test('whose records cannot be read for a day are shown as unknown, and stay where they are', () =>
    withPostmark(async ({ desk, double }) => {
      double.trouble('drop_after');
      await confirmedOrder(desk);
      const broken = () => double.trouble({ status: 500, body: {} }, ({ method }) => method === 'GET');
      broken();
      desk.clock.now += minute;
      await endLeases(desk);
      await expect(desk.run()).rejects.toThrow('Postmark');
      desk.failures.length = 0;
      expect(await desk.messages()).toMatchObject([{ state: 'sending' }]);
      broken();
      desk.clock.now += 24 * 60 * minute;
      await endLeases(desk);
      await desk.run();
      expect(await desk.messages()).toMatchObject([{ state: 'unknown' }]);
    }));

  test('wait as long as the provider asks', () =>
    withPostmark(async ({ desk, double }) => {
      double.trouble({ status: 429, body: '', headers: { 'retry-after': '3600' } });
      await confirmedOrder(desk);
      const [message] = await desk.messages();
      expect(message).toMatchObject({ state: 'settling', dueAt: desk.clock.now + 60 * minute });
      desk.clock.now += 60 * minute;
      await desk.run();
      expect(await desk.messages()).toMatchObject([{ state: 'sent' }]);
    }));

  test('that the provider refuses for good have failed, with what it said', () =>
    withPostmark(async ({ desk, double }) => {
      double.suppressed.get('outbound')?.set('ada@example.com', 'HardBounce');
      await confirmedOrder(desk);
      expect(await desk.messages()).toMatchObject([{ state: 'failed', reason: expect.stringContaining('406') }]);
    }));

  test('heed a change of the provider at once, and go through the instance’s when it is gone', async () => {
    const receivers = [await smtpReceiver(), await smtpReceiver()];
    const instance = provider(accepted);
    const desk = await createDesk(await open(), { provider: instance });
    const [first, second] = receivers.map(({ url }) => ({ url }));
    const made = await desk.stack.directory.add(supplierId, { kind: 'smtp', name: 'Ours', settings: first! });
    if ('problem' in made) throw new Error(made.problem);
    const key = { supplierId, id: made.provider.id };
    const confirm = async (order: number) => {
      const one = { uuid: `0b0b0b0b-0000-4000-8000-00000000000${order}`, orderId: `order-${order}` };
      await given(desk, booking(one));
      await desk.happens(booking({ ...one, status: 'CONFIRMED' }));
      await desk.settle();
    };
    await confirm(1);
    await desk.stack.directory.edit(key, { settings: second! });
    await confirm(2);
    await desk.stack.directory.remove(key);
    await confirm(3);
    expect(receivers.map((each) => each.accepted.length)).toEqual([1, 1]);
    expect(instance.mails).toHaveLength(1);
    await desk.stack.routes.close();
    for (const receiver of receivers) await receiver.close();
  });
});
