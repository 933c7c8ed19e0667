import { Webhook } from 'standardwebhooks';
import { expect, it, vi } from 'vitest';
import { mailboxProvider, operatorMailer } from '../../src/email/index.ts';
import type { Db } from '../../src/platform/db/index.ts';
import { createIds } from '../../src/platform/ids/index.ts';
import { createLog } from '../../src/platform/log/index.ts';
import { createOutbound } from '../../src/platform/outbound/index.ts';
import { createSealing } from '../../src/platform/secrets/index.ts';
import { createAlerts, newSigningSecret, noticeWork } from '../../src/webhooks/index.ts';
import { onEachEngine } from '../support/databases.ts';
import { openings, waiting } from './stage.ts';

const day = 86_400_000;
const mail = 'ops@operator.example';

onEachEngine('what operators are told of their webhooks', (open) => {
  const { stage: stageOn, receiver: receiverOf } = openings();

  type Stage = Awaited<ReturnType<typeof stageOn>>;

  /** The alerts of a stage's supplier, and a node's work on its notices, which is done by `work`. */
  function desk(stage: Stage, db: Db) {
    const now = () => stage.clock.now;
    const newId = createIds({ now });
    const seal = createSealing(['a secret of the tests of notices']);
    const alerts = createAlerts({ db, seal, now, newSecret: newSigningSecret });
    const provider = mailboxProvider({ db, now, newId });
    const outbound = createOutbound({ allow: ['127.0.0.0/8'] });
    const { supplierId } = stage.sample;
    return {
      alerts,
      set: (changes: { emails?: string[]; url?: string | null }) => alerts.change(supplierId, changes),
      notices: async () => (await alerts.notices(supplierId, { before: null, limit: 50 })).toReversed(),
      mails: () =>
        db.all<{ subject: string; recipient: string; raw: string }>('select * from mails order by received_at, id'),
      /** Works until there is nothing left to do now, as a process that has just started. */
      async work() {
        const run = noticeWork({
          db,
          outbound,
          seal,
          sendMail: operatorMailer({ provider, sender: 'carillon@operator.example', now }),
          longestMailMs: 0,
          log: createLog({ level: 'silent' }),
          now,
          newId,
          random: () => 0.5,
          userAgent: 'Carillon/test',
        });
        while ((await run()) === 'more');
      },
    };
  }

  const webhookOf = async (stage: Stage, id: string) => stage.subscriptions.one(stage.sample.supplierId, id);

  /** A webhook that has failed for three days. */
  async function failing(answer: () => number) {
    const db = await open();
    const stage = await stageOn(db);
    const receiver = await receiverOf(answer);
    const { id } = await stage.subscribe(receiver.url);
    stage.engine.start();
    const since = stage.clock.now;
    const { uuid } = await stage.hold();
    await stage.confirm(uuid);
    const failures = (count: number) =>
      vi.waitFor(async () => expect((await webhookOf(stage, id))?.failures).toBe(count), waiting);
    await failures(1);
    stage.clock.now += 2 * day;
    await failures(2);
    stage.clock.now += day;
    return { db, stage, receiver, id, uuid, since, failures };
  }

  it('after three days they are warned, and after five the webhook is disabled, which they are told as well', async () => {
    const { db, stage, id, uuid, since, failures } = await failing(() => 500);
    const told = await receiverOf();
    const { set, work, notices, mails } = desk(stage, db);
    const { signingSecret } = await set({ emails: [mail], url: told.url });
    await failures(3);
    await work();
    await work();
    expect(await webhookOf(stage, id)).toMatchObject({ state: 'active', condition: 'failing' });
    const disablesAt = new Date(since + 5 * day).toISOString();
    const [warning] = told.received.map(({ body }) => JSON.parse(body));
    expect(warning).toEqual({
      event: 'webhook_failing',
      supplier: { id: stage.sample.supplierId, name: expect.any(String) },
      webhook: { id, event: 'booking_update', url: expect.stringMatching(/^http/), connectionId: expect.any(String) },
      since: new Date(since).toISOString(),
      failures: 3,
      lastError: 'the receiver answered 500',
      reason: null,
      disablesAt,
      at: new Date(stage.clock.now).toISOString(),
    });
    stage.clock.now += 2 * day;
    await failures(4);
    await work();
    expect(await webhookOf(stage, id)).toMatchObject({
      state: 'disabled',
      condition: 'disabled',
      reason: 'nothing could be delivered to it for five days',
    });
    await vi.waitFor(async () => expect(await stage.deliveries()).toMatchObject([{ state: 'held' }]), waiting);
    await stage.note(uuid, 'more');
    expect((await stage.deliveries()).map((one) => one.state)).toEqual(['held', 'held']);
    await work();
    expect((await notices()).map(({ kind, told }) => [kind, told.map((one) => one.state)])).toEqual([
      ['webhook_failing', ['told', 'told']],
      ['webhook_disabled', ['told', 'told']],
    ]);
    const sent = await mails();
    expect(sent.map(({ recipient, subject }) => [recipient, subject.split(':')[0]])).toEqual([
      [mail, 'A webhook keeps failing'],
      [mail, 'A webhook was disabled'],
    ]);
    expect(sent[0]?.raw).toContain(disablesAt.slice(0, 16).replace('T', ' '));
    for (const { body, headers } of told.received) {
      // Its clock is that of the tests.
      const timestamp = new Date(Number(headers['webhook-timestamp']) * 1000);
      const signature = new Webhook(signingSecret!).sign(String(headers['webhook-id']), timestamp, body);
      expect(headers['webhook-signature']).toBe(signature);
    }
  });

  it('several nodes at once tell them once', async () => {
    const { db, stage, failures } = await failing(() => 500);
    await failures(3);
    const desks = Array.from({ length: 4 }, () => desk(stage, db));
    await desks[0]!.set({ emails: [mail] });
    await Promise.all(desks.map(({ work }) => work()));
    stage.clock.now += 2 * day;
    await failures(4);
    await Promise.all(desks.map(({ work }) => work()));
    expect((await desks[0]!.notices()).map(({ kind }) => kind)).toEqual(['webhook_failing', 'webhook_disabled']);
    expect(await desks[0]!.mails()).toHaveLength(2);
  });

  it('a webhook that answers after the warning is told of, and begins anew', async () => {
    let answer = 500;
    const { db, stage, id, failures } = await failing(() => answer);
    const { set, work, notices } = desk(stage, db);
    await set({ emails: [mail] });
    await failures(3);
    await work();
    answer = 204;
    stage.clock.now += 2 * day;
    await vi.waitFor(async () => expect(await stage.deliveries()).toMatchObject([{ state: 'delivered' }]), waiting);
    await work();
    expect((await notices()).map(({ kind, body }) => [kind, body.failures])).toEqual([
      ['webhook_failing', 3],
      ['webhook_recovered', 3],
    ]);
    expect(await webhookOf(stage, id)).toMatchObject({ state: 'active', condition: 'healthy' });
  });

  it('one that was never warned of recovers without a word', async () => {
    let answer = 500;
    const stage = await stageOn(await open());
    const receiver = await receiverOf(() => answer);
    await stage.subscribe(receiver.url);
    stage.engine.start();
    await stage.confirm((await stage.hold()).uuid);
    await vi.waitFor(async () => expect(await stage.attempts()).toHaveLength(1), waiting);
    answer = 204;
    stage.clock.now += day;
    await vi.waitFor(async () => expect(await stage.deliveries()).toMatchObject([{ state: 'delivered' }]), waiting);
    expect(await desk(stage, stage.db).notices()).toEqual([]);
  });

  it('they are told at once of a webhook whose receiver says 410, and enabling it tells what it missed', async () => {
    const db = await open();
    const stage = await stageOn(db);
    const receiver = await receiverOf((_, count) => (count === 1 ? 410 : 204));
    const told = await receiverOf();
    const { id } = await stage.subscribe(receiver.url);
    const { set, work, notices } = desk(stage, db);
    await set({ url: told.url });
    stage.engine.start();
    const since = stage.clock.now;
    await stage.confirm((await stage.hold()).uuid);
    await vi.waitFor(async () => expect(await webhookOf(stage, id)).toMatchObject({ state: 'disabled' }), waiting);
    await work();
    expect(told.received.map(({ body }) => JSON.parse(body))).toMatchObject([
      { event: 'webhook_disabled', webhook: { id }, reason: 'the receiver answered 410 Gone', failures: 1 },
    ]);
    expect(await notices()).toMatchObject([{ kind: 'webhook_disabled', told: [{ address: null, state: 'told' }] }]);
    const { supplierId } = stage.sample;
    expect(await stage.subscriptions.enable(supplierId, id)).toEqual({ since, gaveUp: 1 });
    // Its health began anew.
    expect(await stage.subscriptions.enable(supplierId, id)).toEqual({ since: null, gaveUp: 0 });
  });

  it('a notice that cannot be told is tried again on the schedule of deliveries, with the same bytes', async () => {
    const { db, stage, failures } = await failing(() => 500);
    const told = await receiverOf((_, count) => (count < 3 ? 503 : 204));
    const { set, work, notices } = desk(stage, db);
    await set({ url: told.url });
    await failures(3);
    await work();
    expect(told.received).toHaveLength(1);
    expect(await notices()).toMatchObject([{ told: [{ state: 'pending', reason: 'it answered 503' }] }]);
    await work();
    expect(told.received).toHaveLength(1);
    stage.clock.now += 5_000;
    await work();
    expect(told.received).toHaveLength(2);
    stage.clock.now += 300_000;
    await work();
    expect(await notices()).toMatchObject([{ told: [{ state: 'told' }] }]);
    expect(new Set(told.received.map(({ body, headers }) => `${headers['webhook-id']} ${body}`)).size).toBe(1);
  });

  it('nobody is told where nobody wants to be, and the notice is there all the same', async () => {
    const { db, stage, failures } = await failing(() => 500);
    const { work, notices, mails } = desk(stage, db);
    await failures(3);
    await work();
    expect(await notices()).toMatchObject([{ kind: 'webhook_failing', told: [] }]);
    expect(await mails()).toEqual([]);
  });

  it('the secret of the operational webhook is given once, and anew with another URL', async () => {
    const db = await open();
    const { set } = desk(await stageOn(db), db);
    const first = await set({ url: 'https://alerts.example/' });
    expect(first).toEqual({
      emails: [],
      url: 'https://alerts.example/',
      signingSecret: expect.stringMatching(/^whsec_/),
    });
    expect((await set({ emails: [mail] })).signingSecret).toBe(null);
    const second = await set({ url: 'https://other.example/' });
    expect(second.signingSecret).toMatch(/^whsec_/);
    expect(second.signingSecret).not.toBe(first.signingSecret);
    const [row] = await db.all<{ secret: string }>('select secret from alerts');
    expect(row?.secret).not.toContain(second.signingSecret!);
    expect(await set({ url: null })).toEqual({ emails: [mail], url: null, signingSecret: null });
  });
});
