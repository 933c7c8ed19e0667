import { expect, test } from 'vitest';
import { onEachEngine, onPostgres } from '../support/databases.ts';
import { booking, slot } from './bookings.ts';
import { createDesk, type Desk, given, profile } from './desk.ts';
import { accepted, confirmedOrder, deferred, provider } from './provider.ts';

const held = booking();
const confirmed = booking({ status: 'CONFIRMED' });
const cancellation = { refund: 'NONE', reason: null, utcCancelledAt: '2026-11-23T10:00:00Z' } as const;
const cancelled = booking({ status: 'CANCELLED', cancellation });

const attempts = (desk: Desk) =>
  desk.db.all('select number, outcome, detail from message_attempts order by message_id, number');

onEachEngine('handing over', (open) => {
  test('the message and its attempt are recorded', async () => {
    const desk = await createDesk(await open(), { provider: provider(accepted) });
    await confirmedOrder(desk);
    expect(await desk.messages()).toMatchObject([{ state: 'sent', provider: 'test', attempts: 1 }]);
    expect(await attempts(desk)).toEqual([{ number: 1, outcome: 'accepted', detail: null }]);
    expect(desk.finished).toEqual([
      {
        messageId: expect.any(String),
        supplierId: 'harbour',
        orderId: 'order-1',
        state: 'sent',
        code: null,
        attempts: 1,
      },
    ]);
  });

  test('what is sent was committed before it was handed over', async () => {
    const db = await open();
    let stored: unknown[] = [];
    const desk = await createDesk(db, {
      provider: provider(async () => {
        stored = await db.all('select state, mime from messages');
        return accepted;
      }),
    });
    await confirmedOrder(desk);
    expect(stored).toMatchObject([{ state: 'sending', mime: expect.stringMatching(/^Message-ID:\s+</im) }]);
  });

  test('what a provider did not take is tried again later, with the same Message-ID', async () => {
    const sender = provider(deferred, deferred, accepted);
    const desk = await createDesk(await open(), { provider: sender });
    await confirmedOrder(desk);
    expect(await desk.messages()).toMatchObject([{ state: 'settling', reason: 'connect ECONNREFUSED', attempts: 1 }]);
    await desk.run();
    expect(sender.mails).toHaveLength(1);
    desk.clock.now += 30_000;
    await desk.run();
    desk.clock.now += 120_000;
    await desk.run();
    expect(await desk.messages()).toMatchObject([{ state: 'sent', reason: null, attempts: 3 }]);
    expect(new Set(sender.mails.map(({ messageId }) => messageId)).size).toBe(1);
    expect(await attempts(desk)).toMatchObject([
      { outcome: 'deferred' },
      { outcome: 'deferred' },
      { outcome: 'accepted' },
    ]);
  });

  test('a provider that takes nothing for a day ends it', async () => {
    const desk = await createDesk(await open(), { provider: provider(deferred) });
    await confirmedOrder(desk);
    for (let hour = 0; hour < 30; hour += 1) {
      desk.clock.now += 3_600_000;
      await desk.run();
    }
    expect(await desk.messages()).toMatchObject([
      { state: 'failed', attempts: 10, reason: 'Given up after 10 attempts: connect ECONNREFUSED' },
    ]);
  });

  test('a refusal for good ends it, with what was said', async () => {
    const desk = await createDesk(await open(), {
      provider: provider({ kind: 'refused', code: '550', detail: '550 No such user' }),
    });
    await confirmedOrder(desk);
    desk.clock.now += 86_400_000;
    await desk.run();
    expect(await desk.messages()).toMatchObject([{ state: 'failed', reason: '550 No such user', attempts: 1 }]);
    expect(desk.finished).toMatchObject([{ state: 'failed', code: '550' }]);
  });

  test('an unknown outcome stays unknown and is not sent again by itself', async () => {
    const sender = provider({ kind: 'unknown', code: 'ETIMEDOUT', detail: 'Timeout' });
    const desk = await createDesk(await open(), { provider: sender });
    await confirmedOrder(desk);
    desk.clock.now += 86_400_000;
    await desk.run();
    expect(await desk.messages()).toMatchObject([{ state: 'unknown', reason: 'Timeout', attempts: 1 }]);
    expect(sender.mails).toHaveLength(1);
  });

  test('a provider that throws leaves an unknown outcome', async () => {
    const desk = await createDesk(await open(), {
      provider: provider(async () => {
        throw new Error('out of memory');
      }),
    });
    await confirmedOrder(desk);
    expect(await desk.messages()).toMatchObject([{ state: 'unknown', reason: 'out of memory' }]);
  });

  const broken = { ...confirmed, pricing: { ...confirmed.pricing, currency: 'no currency' } };
  const unrendered = { reason: expect.stringContaining('It could not be rendered') };

  test('what cannot be rendered is tried once more, then it ends, and says why', async () => {
    const desk = await createDesk(await open(), { provider: provider(accepted) });
    await given(desk, held);
    await desk.happens(broken);
    desk.clock.now += profile.settlingMs;
    await desk.work();
    expect(await desk.messages()).toMatchObject([{ state: 'settling', ...unrendered }]);
    desk.clock.now += 30_000;
    await desk.work();
    expect(await desk.messages()).toMatchObject([{ state: 'failed', ...unrendered }]);
    expect(desk.failures).toHaveLength(2);
    expect(desk.finished).toMatchObject([{ state: 'settling' }, { state: 'failed' }]);
  });

  test('what could not be rendered leaves when it can be', async () => {
    const desk = await createDesk(await open(), { provider: provider(accepted) });
    await given(desk, held);
    await desk.happens(broken);
    desk.clock.now += profile.settlingMs;
    await desk.work();
    await desk.happensUnheard(confirmed);
    desk.clock.now += 30_000;
    await desk.work();
    expect(await desk.messages()).toMatchObject([{ state: 'sent', reason: null }]);
  });

  test('a message that cannot even be looked at says why, waits longer and longer, and ends', async () => {
    const desk = await createDesk(await open(), { provider: provider(accepted) });
    await given(desk, held);
    await desk.happens(confirmed);
    await desk.db.run(`update suppliers set document = 'torn' where id = 'harbour'`);
    desk.clock.now += profile.settlingMs;
    await desk.work();
    await desk.work();
    const looked = { reason: 'It could not be looked at: the supplier is torn' };
    expect(await desk.messages()).toMatchObject([{ state: 'settling', attempts: 0, ...looked }]);
    expect(desk.failures).toHaveLength(1);
    for (let hour = 0; hour < 30; hour += 1) {
      desk.clock.now += 3_600_000;
      await desk.work();
    }
    expect(await desk.messages()).toMatchObject([{ state: 'failed', attempts: 0, ...looked }]);
    expect(desk.failures).toHaveLength(10);
  });
});

onEachEngine('what happens while an e-mail waits or leaves', (open) => {
  test('a confirmation that could not leave is not sent once the booking is cancelled', async () => {
    const sender = provider(deferred, accepted);
    const desk = await createDesk(await open(), { provider: sender });
    await confirmedOrder(desk);
    await desk.happens(cancelled);
    desk.clock.now += 60_000;
    await desk.run();
    expect(sender.mails).toHaveLength(1);
    expect(await desk.messages()).toMatchObject([
      { state: 'skipped', reason: 'In the end nothing changed that concerns the guest.' },
    ]);
  });

  test('one that waits for hours is brought forward by what happens, but not by noise', async () => {
    const sender = provider(...Array.from({ length: 8 }, () => deferred), accepted);
    const desk = await createDesk(await open(), { provider: sender });
    await confirmedOrder(desk);
    while ((await desk.messages())[0]?.attempts !== 8) {
      desk.clock.now = (await desk.messages())[0]!.dueAt;
      await desk.run();
    }
    const { dueAt } = (await desk.messages())[0]!;
    await desk.happens({ ...confirmed, notes: 'late' });
    expect(await desk.messages()).toMatchObject([{ dueAt }]);
    await desk.happens(booking({ status: 'CONFIRMED', availability: slot('2026-12-06T10:00:00+01:00') }));
    expect(desk.notified.times).toBe(2);
    await desk.settle();
    expect(await desk.messages()).toMatchObject([{ state: 'sent', attempts: 9 }]);
  });

  test('what happens while it is handed over makes a message of its own, which waits for its turn', async () => {
    let whileSending = async (): Promise<void> => undefined;
    const sender = provider(async () => {
      await whileSending();
      return accepted;
    }, accepted);
    const desk = await createDesk(await open(), { provider: sender, profile: { settlingMs: 0 } });
    await given(desk, held);
    await desk.happens(confirmed);
    whileSending = async () => {
      await desk.happens(cancelled);
      // Due at once, and not begun while the confirmation is on its way.
      await desk.work();
      expect(sender.mails).toHaveLength(1);
    };
    await desk.run();
    expect(await desk.messages()).toMatchObject([
      { state: 'sent', campaign: 'cancellation' },
      { state: 'sent', campaign: 'confirmation' },
    ]);
    expect(sender.mails).toHaveLength(2);
  });

  test('where the provider did not take the first after all, both become one', async () => {
    let whileSending = async (): Promise<void> => undefined;
    const sender = provider(async () => {
      await whileSending();
      return deferred;
    }, accepted);
    const desk = await createDesk(await open(), { provider: sender });
    await given(desk, held);
    await desk.happens(confirmed);
    whileSending = () =>
      desk.happens(booking({ status: 'CONFIRMED', availability: slot('2026-12-06T10:00:00+01:00') }));
    await desk.settle();
    await desk.settle();
    desk.clock.now += 60_000;
    await desk.run();
    expect(await desk.messages()).toMatchObject([
      { state: 'skipped', reason: expect.stringContaining('It joined message') },
      { state: 'sent', campaign: 'confirmation', attempts: 2 },
    ]);
    expect(sender.mails[1]?.mime).toMatch(/Subject: Your booking is confirmed.*6\s+December/s);
  });

  test('what joins while it is being written is in it', async () => {
    const db = await open();
    const desk = await createDesk(db, { provider: provider(accepted) });
    const second = '0b0b0b0b-0000-4000-8000-000000000002';
    await given(desk, held, booking({ uuid: second }));
    await desk.happens(confirmed);
    desk.clock.now += profile.settlingMs;
    // Both at once: whichever comes first, the second booking is told of, once.
    await Promise.all([desk.work(), desk.happens(booking({ uuid: second, status: 'CONFIRMED' }))]);
    await desk.settle();
    const sent = await db.all<{ mime: string }>(`select mime from messages where state = 'sent'`);
    const told = sent.map(({ mime }) => Number(mime.includes('V-0002')));
    expect(told.reduce((sum, n) => sum + n, 0)).toBe(1);
    expect(sent.map(({ mime }) => Number(mime.includes('V-0001'))).reduce((sum, n) => sum + n, 0)).toBe(1);
  });
});

onPostgres(
  'a message that is opened, in a transaction that nobody can see yet, while another of its order opens again',
  (open) => {
    test('joins that one', async () => {
      const opening = Promise.withResolvers<void>();
      const sent = Promise.withResolvers<void>();
      const sender = provider(async () => {
        sent.resolve();
        await opening.promise;
        return deferred;
      }, accepted);
      const desk = await createDesk(await open(), { provider: sender, profile: { settlingMs: 0 } });
      await given(desk, held);
      await desk.happens(confirmed);
      const run = desk.run();
      await sent.promise;
      await desk.db.transaction(async (tx) => {
        await desk.happensIn(tx, booking({ status: 'CONFIRMED', availability: slot('2026-12-06T10:00:00+01:00') }));
        opening.resolve();
        const waiting = `select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
        while ((await tx.all(waiting)).length === 0);
      });
      await run;
      desk.clock.now += 60_000;
      await desk.run();
      expect(await desk.messages()).toMatchObject([
        { state: 'skipped', reason: expect.stringContaining('It joined message') },
        { state: 'sent', attempts: 2 },
      ]);
    });
  },
);
