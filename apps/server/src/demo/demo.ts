import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createClient, type Mail } from './client.ts';
import type { Delivery } from './delivery.ts';
import { type ExpectedDelivery, type ExpectedMail, problemsOf } from './expectation.ts';
import { deliveryText, mailText } from './printing.ts';
import { type Launch, startProgram } from './program.ts';
import { storyOf } from './story.ts';

/** What the demo needs of the process that runs it. */
export interface DemoDeps {
  readonly launch: Launch;
  /** Writes to the person at the terminal. */
  readonly say: (text: string) => void;
  /** Ends the demo early. */
  readonly signal: AbortSignal;
}

const key = 'key-of-the-demo';
const holdSeconds = 3;
const settlingMs = 300;
/** How long programs may take to begin, and to end. */
const startLimitMs = 20_000;
const stopLimitMs = 5_000;
/** How long what a step causes may take to arrive, and how often the mailbox is looked at. */
const stepLimitMs = 8_000;
const lookMs = 50;
/** Nothing more may come in this time after the last step; longer than the settling window, which is all that could hold it back. */
const quietMs = 1_000;

/**
 * Tells the story of a guest's bookings on a Carillon and a receiver of its own, in a temporary directory. Resolves to what did not
 * arrive as it should, one sentence each; empty when everything expected arrived exactly once and in order.
 */
export async function runDemo({ launch, say, signal }: DemoDeps): Promise<readonly string[]> {
  const directory = await mkdtemp(join(tmpdir(), 'carillon-demo-'));
  await using cleanup = new AsyncDisposableStack();
  cleanup.defer(() => rm(directory, { recursive: true, force: true }));

  const deliveries: Delivery[] = [];
  const names = new Map<string, string>();
  const receiver = startProgram(launch, ['demo', 'receiver'], (line) => {
    if ('url' in line) return;
    const delivery = line as unknown as Delivery;
    deliveries.push(delivery);
    say(deliveryText(delivery, names.get(delivery.uuid) ?? delivery.uuid));
  });
  cleanup.defer(() => receiver.stop(stopLimitMs));
  const server = startProgram({ ...launch, env: { ...withoutSettings(launch.env), ...settings } }, [
    'start',
    '--port',
    '0',
    '--data',
    directory,
  ]);
  cleanup.defer(() => server.stop(stopLimitMs));
  const [receiverUrl, url] = await untilAborted(
    signal,
    Promise.all([
      receiver.first(({ url: own }) => (typeof own === 'string' ? own : undefined), startLimitMs),
      server.first(
        ({ code, url: own }) => (code === 'server.listening' && typeof own === 'string' ? own : undefined),
        startLimitMs,
      ),
    ]),
  );
  say(`Carillon runs at ${url}, a receiver of webhooks at ${receiverUrl}`);

  const client = createClient(url, key, signal);
  const webhook = await client.octo<{ signingSecret: string }>('POST', '/webhooks', {
    event: 'booking_update',
    url: receiverUrl,
  });
  receiver.child.stdin.write(`${webhook.signingSecret}\n`);
  say('The receiver is subscribed to booking_update');

  const expected: { deliveries: ExpectedDelivery[]; mails: ExpectedMail[] } = { deliveries: [], mails: [] };
  let mails: readonly Mail[] = [];
  const look = async () => {
    const found = await client.mails();
    for (const mail of found.slice(mails.length)) say(mailText(mail, client.mailUrl(mail)));
    mails = found;
  };
  const arrived = () => deliveries.length >= expected.deliveries.length && mails.length >= expected.mails.length;

  const steps = storyOf(client, { now: Date.now(), name: (uuid, name) => names.set(uuid, name) });
  for (const [index, step] of steps.entries()) {
    say(`\n${index + 1}. ${step.title}`);
    const causes = await step.act();
    expected.deliveries.push(...causes.deliveries);
    expected.mails.push(...causes.mails);
    // A step begins when the last one's e-mail is there: the settling window would make one e-mail of both.
    for (const deadline = Date.now() + stepLimitMs; !arrived() && Date.now() < deadline; ) {
      await pause(lookMs, undefined, { signal });
      await look();
    }
    if (!arrived()) break;
  }
  await pause(quietMs, undefined, { signal });
  await look();
  const problems = problemsOf(expected, { deliveries, mails });
  say(
    problems.length === 0
      ? `\n${deliveries.length} webhooks and ${mails.length} e-mails: each arrived exactly once and in order, every signature is valid.`
      : `\nNot everything arrived as it should:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`,
  );
  return problems;
}

const settings = {
  CARILLON_DEMO_KEY: key,
  CARILLON_ADMIN_TOKEN: 'token-of-the-demo',
  CARILLON_HOLD_SECONDS: String(holdSeconds),
  CARILLON_SETTLING_MS: String(settlingMs),
  CARILLON_LOG_LEVEL: 'info',
};

/** The environment without anything that would point the demo's own instance elsewhere, such as a database or an SMTP server. */
function withoutSettings(env: Launch['env']): Launch['env'] {
  const others = ['DATABASE_URL', 'SMTP_URL', 'PORT', 'HOST'];
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !(name.startsWith('CARILLON_') || others.includes(name))),
  );
}

function untilAborted<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    promise.then(resolve, reject);
  });
}
