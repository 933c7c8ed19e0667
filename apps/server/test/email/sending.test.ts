import { expect, test } from 'vitest';
import { type Mail, type MailProvider, mailboxProvider, type SendOutcome } from '../../src/email/index.ts';
import type { Db } from '../../src/platform/db/index.ts';
import { onEachEngine } from '../support/databases.ts';
import { booking, slot } from './bookings.ts';
import { createDesk, type Desk, given, newId, profile } from './desk.ts';

const held = booking();
const confirmed = booking({ status: 'CONFIRMED' });
const cancellation = { refund: 'NONE', reason: null, utcCancelledAt: '2026-11-23T10:00:00Z' } as const;
const cancelled = booking({ status: 'CANCELLED', cancellation });

/** A provider without records that answers as it is told, in turn; the last answer is repeated. */
function provider(
  ...answers: (SendOutcome | (() => Promise<SendOutcome>))[]
): MailProvider & { readonly mails: Mail[] } {
  const mails: Mail[] = [];
  return {
    name: 'test',
    mails,
    async send(mail) {
      mails.push(mail);
      const next = answers.length > 1 ? answers.shift()! : answers[0]!;
      return typeof next === 'function' ? next() : next;
    },
    close: async () => undefined,
  };
}
const accepted: SendOutcome = { kind: 'accepted' };
const deferred: SendOutcome = { kind: 'deferred', code: 'ECONNREFUSED', detail: 'connect ECONNREFUSED' };

async function confirmedOrder(desk: Desk): Promise<void> {
  await given(desk, held);
  await desk.happens(confirmed);
  await desk.settle();
}

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

  test('what cannot be rendered ends, and says why', async () => {
    const desk = await createDesk(await open(), { provider: provider(accepted) });
    const broken = { ...confirmed, pricing: { ...confirmed.pricing, currency: 'no currency' } };
    await given(desk, held);
    await desk.happens(broken);
    await desk.settle();
    expect(await desk.messages()).toMatchObject([
      { state: 'failed', reason: expect.stringContaining('It could not be rendered') },
    ]);
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
      expect(await desk.work()).not.toBe('more');
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
    expect(sender.mails[1]?.mime).toMatch(/Subject: Your booking is confirmed.*December\s+6/s);
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

onEachEngine('several at once', (open) => {
  test('two workers send each of forty messages once', async () => {
    const db = await open();
    const sender = provider(accepted);
    const one = await createDesk(db, { provider: sender });
    const two = await createDesk(db, { provider: sender, second: true });
    const orders = Array.from({ length: 40 }, (_, n) => ({
      uuid: `0b0b0b0b-0000-4000-8000-${String(n).padStart(12, '0')}`,
      orderId: `order-${n}`,
    }));
    await given(one, ...orders.map((changes) => booking(changes)));
    for (const changes of orders) await one.happens(booking({ ...changes, status: 'CONFIRMED' }));
    two.clock.now = one.clock.now += profile.settlingMs;
    await Promise.all([one.run(), two.run()]);
    await one.run();
    expect(sender.mails).toHaveLength(40);
    expect(new Set(sender.mails.map(({ messageId }) => messageId)).size).toBe(40);
    expect((await one.messages()).every(({ state }) => state === 'sent')).toBe(true);
  });

  test('bookings of one order that are confirmed by many callers at once open one message', async () => {
    const desk = await createDesk(await open());
    const uuids = Array.from({ length: 12 }, (_, n) => `0b0b0b0b-0000-4000-8000-${String(n).padStart(12, '0')}`);
    await given(desk, ...uuids.map((uuid) => booking({ uuid })));
    await Promise.all(uuids.map((uuid) => desk.happens(booking({ uuid, status: 'CONFIRMED' }))));
    expect(await desk.messages()).toHaveLength(1);
    await desk.settle();
    const [mail, ...more] = await desk.mails();
    expect(more).toEqual([]);
    for (const uuid of uuids) expect(mail?.text).toContain(`V-${uuid.slice(-4)}`);
  });
});

onEachEngine('a worker that is overtaken because it was too slow', (open) => {
  /** Lets another worker have its turn between the hand-over and its outcome, when the lease has ended. */
  async function overtaken(providerOn: (db: Db) => MailProvider): Promise<Desk> {
    const db = await open();
    const taken = providerOn(db);
    const place: { other?: Desk } = {};
    const slow: MailProvider = {
      ...taken,
      async send(mail) {
        const outcome = await taken.send(mail);
        while (await isHeld()) await place.other?.run();
        return outcome;
      },
    };
    const isHeld = async () => (await db.all(`select id from messages where state = 'sending'`)).length > 0;
    const desk = await createDesk(db, { provider: slow, leaseMs: 50 });
    place.other = await createDesk(db, { provider: taken, second: true, clock: desk.clock });
    await confirmedOrder(desk);
    return desk;
  }

  test('sends once: what arrived in the mailbox is found there', async () => {
    const desk = await overtaken((db) => mailboxProvider({ db, now: Date.now, newId }));
    expect(await desk.mails()).toHaveLength(1);
    expect(await desk.messages()).toMatchObject([{ state: 'sent' }]);
  });

  test('sends once: without records it stays unknown', async () => {
    const sender = provider(accepted);
    const desk = await overtaken(() => sender);
    expect(sender.mails).toHaveLength(1);
    expect(await desk.messages()).toMatchObject([{ state: 'unknown' }]);
    expect(desk.finished).toEqual([]);
  });
});
