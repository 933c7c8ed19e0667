import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { onEachEngine } from '../support/databases.ts';
import type { Place } from '../support/place.ts';
import { runs } from '../support/scale.ts';
import { booking } from './bookings.ts';
import type { Orders, Progress } from './crash-worker.ts';
import { createDesk, given } from './desk.ts';
import { answer, smtpReceiver } from './smtp-receiver.ts';

const leaseMs = 400;
const rounds = runs(3);
/** Of a test with rounds, ms. */
const longest = 30_000 * rounds;

const ends: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

function worker(orders: Omit<Orders, 'leaseMs'>): ChildProcess {
  const child = fork(
    fileURLToPath(new URL('./crash-worker.ts', import.meta.url)),
    [JSON.stringify({ ...orders, leaseMs })],
    {
      execArgv: ['--conditions=source'],
    },
  );
  ends.push(() => void child.kill('SIGKILL'));
  return child;
}

async function reaches(child: ChildProcess, progress: Progress): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    child.on('message', (said) => said === progress && resolve());
    child.once('exit', (code) => reject(new Error(`the worker ended with ${code} before it was ${progress}`)));
  });
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

/** Starts a worker that is not disturbed, and waits until every message has ended. */
async function finished(orders: Omit<Orders, 'leaseMs' | 'stopAt'>): Promise<void> {
  const [code] = await once(worker(orders), 'exit');
  expect(code).toBe(0);
}

onEachEngine('a worker that is killed with kill -9', (open, newPlace) => {
  /** A place in which so many orders were just confirmed. */
  async function confirmed(count: number): Promise<Place> {
    const place = await newPlace();
    const db = await open({ place, migrate: false });
    const desk = await createDesk(db, { clock: { now: Date.now() } });
    const orders = Array.from({ length: count }, (_, n) => ({
      uuid: `0b0b0b0b-0000-4000-8000-${String(n).padStart(12, '0')}`,
      orderId: `order-${n}`,
    }));
    await given(desk, ...orders.map((changes) => booking(changes)));
    await desk.happens(...orders.map((changes) => booking({ ...changes, status: 'CONFIRMED' })));
    await db.close();
    return place;
  }

  async function outcome(place: Place) {
    const db = await open({ place, migrate: false });
    const desk = await createDesk(db, { second: true });
    const found = { messages: await desk.messages(), mails: await desk.mails() };
    await db.close();
    return found;
  }

  test.each(['frozen', 'answered'] as const)(
    'when the e-mail is %s, by the mailbox: it arrives once',
    async (stopAt) => {
      const place = await confirmed(1);
      const child = worker({ place, stopAt });
      await reaches(child, stopAt);
      await killed(child);
      await finished({ place });
      const { messages, mails } = await outcome(place);
      expect(mails).toHaveLength(1);
      expect(messages).toMatchObject([{ state: 'sent' }]);
    },
  );

  test('before it was handed to an SMTP server: it is unknown, and not sent again by itself', async () => {
    const receiver = await smtpReceiver();
    ends.push(receiver.close);
    const place = await confirmed(1);
    const child = worker({ place, smtpUrl: receiver.url, stopAt: 'frozen' });
    await reaches(child, 'frozen');
    await killed(child);
    await finished({ place, smtpUrl: receiver.url });
    expect((await outcome(place)).messages).toMatchObject([
      { state: 'unknown', reason: expect.stringContaining('Whether it arrived is not known') },
    ]);
    expect(receiver.accepted).toHaveLength(0);
  });

  test('when the SMTP server put it off, before that is recorded: it is unknown, and not sent again by itself', async () => {
    const receiver = await smtpReceiver({ onContent: () => answer(451, 'Try later') });
    ends.push(receiver.close);
    const place = await confirmed(1);
    const child = worker({ place, smtpUrl: receiver.url, stopAt: 'answered' });
    await reaches(child, 'answered');
    await killed(child);
    receiver.behave({});
    await finished({ place, smtpUrl: receiver.url });
    expect((await outcome(place)).messages).toMatchObject([{ state: 'unknown', attempts: 1 }]);
    expect(receiver.accepted).toHaveLength(0);
  });

  test('when the SMTP server put it off, after that is recorded: it waits for another attempt, and arrives once', async () => {
    const receiver = await smtpReceiver({ onContent: () => answer(451, 'Try later') });
    ends.push(receiver.close);
    const place = await confirmed(1);
    const child = worker({ place, smtpUrl: receiver.url });
    await reaches(child, 'settled');
    await killed(child);
    receiver.behave({});
    expect((await outcome(place)).messages).toMatchObject([
      { state: 'settling', attempts: 1, reason: expect.stringContaining('Try later') },
    ]);
    const db = await open({ place, migrate: false });
    await db.run('update messages set due_at = 0');
    await db.close();
    await finished({ place, smtpUrl: receiver.url });
    expect((await outcome(place)).messages).toMatchObject([{ state: 'sent', attempts: 2 }]);
    expect(receiver.accepted).toHaveLength(1);
  });

  test.each(['before', 'after'] as const)('%s the SMTP server said that it took it: it arrives once', async (when) => {
    const receiver = await smtpReceiver();
    ends.push(receiver.close);
    const place = await confirmed(1);
    const child = worker({ place, smtpUrl: receiver.url, stopAt: 'answered' });
    if (when === 'before') {
      receiver.behave({ onContent: async () => void (await killed(child)) });
      await once(child, 'exit');
    } else {
      await reaches(child, 'answered');
      await killed(child);
    }
    await finished({ place, smtpUrl: receiver.url });
    expect((await outcome(place)).messages).toMatchObject([{ state: 'unknown' }]);
    expect(receiver.accepted).toHaveLength(1);
  });

  test(
    'at any moment: none of many e-mails is doubled, and none is lost unnoticed',
    async () => {
      for (let round = 0; round < rounds; round += 1) {
        const receiver = await smtpReceiver();
        const place = await confirmed(12);
        const child = worker({ place, smtpUrl: receiver.url });
        await reaches(child, 'started');
        await wait(Math.random() * 250);
        await killed(child);
        await finished({ place, smtpUrl: receiver.url });
        const { messages } = await outcome(place);
        const arrived = (await receiver.mails()).map(({ messageId }) => messageId);
        expect(new Set(arrived).size).toBe(arrived.length);
        for (const { id, state } of messages) {
          expect(['sent', 'unknown']).toContain(state);
          if (state === 'sent') expect(arrived).toContain(`<${id}@carillon.example>`);
        }
        expect(messages).toHaveLength(12);
        await receiver.close();
      }
    },
    longest,
  );

  test(
    'at any moment, with the mailbox: every e-mail arrives, once',
    async () => {
      for (let round = 0; round < rounds; round += 1) {
        const place = await confirmed(12);
        const child = worker({ place });
        await reaches(child, 'started');
        await wait(Math.random() * 150);
        await killed(child);
        await finished({ place });
        const { messages, mails } = await outcome(place);
        expect(messages.every(({ state }) => state === 'sent')).toBe(true);
        expect(mails).toHaveLength(12);
      }
    },
    longest,
  );
});
