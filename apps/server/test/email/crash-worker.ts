/**
 * An e-mail worker in a process of its own, for tests that kill it. It tells its parent where it is; told to stop there, it waits to be
 * killed. It ends by itself when every message has ended.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { type Mail, type MailProvider, mailboxProvider, smtpProvider } from '../../src/email/index.ts';
import { createOutbound } from '../../src/platform/outbound/index.ts';
import { openPlace, type Place } from '../support/place.ts';
import { createDesk, newId, profile } from './desk.ts';

/** What the parent says, as the first argument in JSON. */
export interface Orders {
  readonly place: Place;
  /** Without one, the built-in mailbox. */
  readonly smtpUrl?: string;
  readonly stopAt?: 'frozen' | 'answered';
  readonly leaseMs: number;
}

/** Where the worker is. */
export type Progress = 'started' | 'frozen' | 'answered' | 'settled';

async function work(orders: Orders): Promise<void> {
  const db = await openPlace(orders.place);
  // The settling window of whatever the parent did is over.
  const clock = {
    get now() {
      return Date.now() + profile.settlingMs;
    },
  };
  const { dial } = createOutbound({ allow: ['127.0.0.0/8'] });
  const provider =
    orders.smtpUrl === undefined
      ? mailboxProvider({ db, now: () => clock.now, newId })
      : smtpProvider(orders.smtpUrl, dial);
  const desk = await createDesk(db, {
    second: true,
    clock,
    provider: stopping(provider, orders),
    leaseMs: orders.leaseMs,
  });
  tell('started');
  for (;;) {
    const next = await desk.work();
    if (desk.finished.length > 0) tell('settled');
    if (next === 'idle') break;
    await wait(Math.max(1, next.getTime() - clock.now));
  }
  if (desk.failures.length > 0) throw desk.failures[0];
  await provider.close();
  await db.close();
  process.disconnect();
}

function stopping(provider: MailProvider, { stopAt }: Orders): MailProvider {
  const reached = async (where: Progress) => {
    tell(where);
    if (where === stopAt) await new Promise(() => undefined);
  };
  return {
    ...provider,
    // So that whoever comes after need not wait for as long as a server may scan an e-mail.
    longestMs: 0,
    async send(mail: Mail) {
      await reached('frozen');
      const outcome = await provider.send(mail);
      await reached('answered');
      return outcome;
    },
  };
}

const tell = (progress: Progress): void => void process.send?.(progress);

await work(JSON.parse(process.argv[2] ?? '') as Orders);
