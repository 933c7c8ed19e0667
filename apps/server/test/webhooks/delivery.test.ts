import { Webhook } from 'standardwebhooks';
import { expect, it, vi } from 'vitest';
import { accepted, guest, monday } from '../supplier/stage.ts';
import { onEachEngine } from '../support/databases.ts';
import { allIn, openings, type Received, waiting } from './stage.ts';

onEachEngine('webhook deliveries', (open) => {
  const { stage: stageOn, receiver: receiverOf } = openings();

  it('an app of the operator hears of the bookings of all connections, and another connection of its own only', async () => {
    const stage = await stageOn(await open());
    await stage.db.run(`update connections set hears = 'supplier' where id = $1`, [stage.website.connectionId]);
    const [app, own] = [await receiverOf(), await receiverOf()];
    await stage.subscribe(app.url);
    await stage.db.run(`update connections set hears = 'own' where id = $1`, [stage.website.connectionId]);
    await stage.subscribe(own.url);
    stage.engine.start();
    const { uuid } = accepted(await stage.supplier.reserve(stage.reseller, stage.cruise()));
    accepted(await stage.supplier.confirm(stage.reseller, uuid, { contact: guest }));
    accepted(await stage.supplier.update(stage.reseller, uuid, { notes: 'by the window' }));
    await allIn(stage, 'delivered', 2);
    expect(app.received.map(({ body }) => JSON.parse(body).booking.notes)).toEqual([null, 'by the window']);
    expect(own.received).toEqual([]);
  });

  it('a confirmed booking delivers one POST, signed, its keys in order; its hold delivered nothing', async () => {
    const stage = await stageOn(await open());
    const receiver = await receiverOf();
    const { signingSecret } = await stage.subscribe(receiver.url);
    stage.engine.start();
    const held = await stage.hold();
    expect(await stage.deliveries()).toEqual([]);
    await stage.confirm(held.uuid);
    await allIn(stage, 'delivered', 1);
    expect(receiver.received).toHaveLength(1);
    const { headers, body } = receiver.received[0]!;
    const payload = JSON.parse(body);
    expect(Object.keys(payload)).toEqual(['event', 'webhook', 'supplier', 'booking', 'diff']);
    expect(payload.booking).toMatchObject({ uuid: held.uuid, status: 'CONFIRMED' });
    expect(payload.diff).toContainEqual({ op: 'replace', was: 'ON_HOLD', path: '/status', value: 'CONFIRMED' });
    vi.useFakeTimers({ toFake: ['Date'], now: monday });
    try {
      expect(new Webhook(signingSecret).verify(body, headers as Record<string, string>)).toEqual(payload);
    } finally {
      vi.useRealTimers();
    }
  });

  it('a retry sends the same bytes under the same id, and the lane waits for it', async () => {
    const stage = await stageOn(await open());
    const receiver = await receiverOf((_, count) => (count === 1 ? 500 : 204));
    await stage.subscribe(receiver.url);
    stage.engine.start();
    const { uuid } = await stage.hold();
    await stage.confirm(uuid);
    await vi.waitFor(async () => expect(await stage.db.all('select id from attempts')).toHaveLength(1), waiting);
    await stage.note(uuid, 'by the window');
    expect((await stage.deliveries()).map((one) => one.state)).toEqual(['pending', 'pending']);
    expect(receiver.received).toHaveLength(1);
    stage.clock.now += 6000;
    await allIn(stage, 'delivered', 2);
    const [first, again, second] = receiver.received;
    expect(receiver.received).toHaveLength(3);
    expect(again?.body).toBe(first?.body);
    expect(again?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    expect(second?.headers['webhook-id']).not.toBe(first?.headers['webhook-id']);
    expect(JSON.parse(second?.body ?? '').booking.notes).toBe('by the window');
  });

  it('a change whose transaction fails leaves no delivery', async () => {
    let broken = false;
    const failing = async () => {
      if (broken) throw new Error('this change is not to be');
    };
    const stage = await stageOn(await open(), { listeners: [{ recorded: failing }] });
    const receiver = await receiverOf();
    await stage.subscribe(receiver.url);
    const { uuid } = await stage.hold();
    broken = true;
    await expect(stage.confirm(uuid)).rejects.toThrow('this change is not to be');
    expect(await stage.deliveries()).toEqual([]);
    expect(await stage.db.all('select id from views')).toEqual([]);
  });

  it('deleting a webhook cancels what it is owed', async () => {
    const stage = await stageOn(await open());
    const { id } = await stage.subscribe('http://127.0.0.1:9/hook');
    const { uuid } = await stage.hold();
    await stage.confirm(uuid);
    await stage.subscriptions.remove(stage.website, id);
    expect(await stage.deliveries()).toMatchObject([{ state: 'cancelled', reason: 'the webhook was deleted' }]);
  });

  it('what a vanished engine had claimed is taken over', async () => {
    const db = await open();
    const stage = await stageOn(db);
    const receiver = await receiverOf();
    await stage.subscribe(receiver.url);
    const { uuid } = await stage.hold();
    await stage.confirm(uuid);
    await db.run(`update deliveries set lease_token = 'vanished', lease_until = ${db.dialect.nowMs} - 1`);
    stage.engine.start();
    await allIn(stage, 'delivered', 1);
    expect(receiver.received).toHaveLength(1);
  });

  it('two engines on one database deliver each exactly once', async () => {
    const db = await open();
    const one = await stageOn(db);
    const two = await stageOn(db);
    const receiver = await receiverOf();
    await one.subscribe(receiver.url);
    const holds = await Promise.all(Array.from({ length: 8 }, () => one.hold()));
    await Promise.all(holds.map(({ uuid }) => one.confirm(uuid)));
    one.engine.start();
    two.engine.start();
    await allIn(one, 'delivered', 8);
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(8);
    expect(receiver.received).toHaveLength(8);
  });

  it('URL credentials become basic auth, header values are masked, and neither is in the body', async () => {
    const stage = await stageOn(await open());
    const receiver = await receiverOf();
    await stage.subscribe(`http://ada:pa%40ss@${receiver.host}/hook`, { headers: { 'x-token': 'very-secret' } });
    stage.engine.start();
    await stage.confirm((await stage.hold()).uuid);
    await allIn(stage, 'delivered', 1);
    const { headers, body } = receiver.received[0]!;
    expect(headers.authorization).toBe(`Basic ${Buffer.from('ada:pa@ss').toString('base64')}`);
    expect(headers['x-token']).toBe('very-secret');
    expect(JSON.parse(body).webhook).toMatchObject({ url: receiver.url, headers: { 'x-token': '********' } });
    expect(body).not.toMatch(/pa@ss|pa%40ss|very-secret/);
  });

  it('a change that gives back what is shown keeps the secrets; another URL does not get the credentials', async () => {
    const stage = await stageOn(await open());
    const receiver = await receiverOf();
    const made = await stage.subscribe(`http://ada:pa55@${receiver.host}/hook`, {
      headers: { 'X-Token': 'very-secret' },
    });
    await stage.subscriptions.patch(stage.website, made.id, ({ url, headers }) => ({
      url,
      headers: { ...headers, 'x-more': 'of it' },
    }));
    stage.engine.start();
    const { uuid } = await stage.hold();
    await stage.confirm(uuid);
    await allIn(stage, 'delivered', 1);
    const authorization = `Basic ${Buffer.from('ada:pa55').toString('base64')}`;
    expect(receiver.received[0]?.headers).toMatchObject({ authorization, 'x-token': 'very-secret', 'x-more': 'of it' });
    await stage.subscriptions.patch(stage.website, made.id, () => ({ url: `http://${receiver.host}/other` }));
    await stage.note(uuid, 'by the window');
    await allIn(stage, 'delivered', 2);
    expect(receiver.received[1]).toMatchObject({ path: '/other', headers: { 'x-token': 'very-secret' } });
    expect(receiver.received[1]?.headers).not.toHaveProperty('authorization');
  });

  it('a body speaks the language of the contact where that is wanted, otherwise that of the supplier', async () => {
    const stage = await stageOn(await open());
    const receiver = await receiverOf();
    await stage.subscribe(`${receiver.url}/contact`, { useContactLanguage: true, capabilities: ['octo/content'] });
    await stage.subscribe(`${receiver.url}/own`, { useContactLanguage: false, capabilities: ['octo/content'] });
    stage.engine.start();
    await stage.confirm((await stage.hold()).uuid);
    await allIn(stage, 'delivered', 2);
    const [contact, own] = ['/hook/contact', '/hook/own'].map(
      (path) => receiver.received.find((one) => one.path === path)!,
    );
    expect([contact?.headers['content-language'], own?.headers['content-language']]).toEqual(['de', 'en']);
    const titleOf = (body = '') => JSON.parse(body).booking.product.title;
    expect(titleOf(contact?.body)).toEqual(expect.any(String));
    expect(titleOf(contact?.body)).not.toBe(titleOf(own?.body));
  });

  it('a supplier that speaks other languages than when its webhooks were made still delivers', async () => {
    const stage = await stageOn(await open());
    const receiver = await receiverOf();
    await stage.subscribe(receiver.url);
    const speak = async (language: string, languages: string) => {
      await stage.db.run('update suppliers set language = $1, languages = $2', [language, languages]);
      await stage.subscriptions.renewVersions();
    };
    stage.engine.start();
    await speak('de', '["en", "de"]');
    await stage.confirm((await stage.hold()).uuid);
    await allIn(stage, 'delivered', 1);
    expect(receiver.received[0]?.headers['content-language']).toBe('de');
    await speak('es', '["es"]');
    // As of a time when the language was not renewed with the versions.
    await stage.db.run(`update webhooks set language = 'en'`);
    await stage.confirm((await stage.hold()).uuid);
    await allIn(stage, 'delivered', 2);
    expect(receiver.received[1]?.headers['content-language']).toBe('es');
  });

  it('two webhooks of one audience share a view; availability and orders arrive as well', async () => {
    const stage = await stageOn(await open());
    const receiver = await receiverOf();
    await stage.subscribe(receiver.url);
    await stage.subscribe(receiver.url);
    await stage.subscribe(receiver.url, { event: 'order_update' });
    await stage.confirm((await stage.hold()).uuid);
    expect(
      await stage.db.all(
        `select count(*) as deliveries, count(distinct view_id) as views from deliveries where lane like 'booking%'`,
      ),
    ).toEqual([{ deliveries: 2, views: 1 }]);
    await stage.subscribe(receiver.url, { event: 'availability_update' });
    await stage.hold();
    stage.engine.start();
    await vi.waitFor(() => {
      const events = receiver.received.map(({ body }) => JSON.parse(body).event);
      expect(new Set(events)).toEqual(new Set(['booking_update', 'order_update', 'availability_update']));
    }, waiting);
  });

  it('after a rotation the old secret signs as well', async () => {
    const stage = await stageOn(await open());
    const receiver = await receiverOf();
    const { id, signingSecret } = await stage.subscribe(receiver.url);
    const rotate = async () => accepted((await stage.subscriptions.rotate(stage.website.supplierId, id))!);
    const signed = async (...secrets: readonly string[]) => {
      await stage.confirm((await stage.hold()).uuid);
      await vi.waitFor(() => expect(receiver.received).toHaveLength(1), waiting);
      const [{ headers, body }] = receiver.received.splice(0) as [Received];
      const sign = (secret: string) =>
        new Webhook(secret).sign(String(headers['webhook-id']), new Date(stage.clock.now), body);
      expect(String(headers['webhook-signature']).split(' ')).toEqual(secrets.map(sign));
    };
    stage.engine.start();
    const second = await rotate();
    await signed(second, signingSecret);
    stage.clock.now += 3_600_000;
    const third = await rotate();
    await signed(third, second, signingSecret);
    stage.clock.now = monday + 24 * 3_600_000;
    await signed(third, second);
    await rotate();
    await rotate();
    expect(await stage.subscriptions.rotate(stage.website.supplierId, id)).toMatchObject({
      ok: false,
      refusal: { message: expect.stringContaining('3 times within 24 hours') },
    });
    stage.clock.now += 3_600_000;
    await rotate();
  });

  it('after a rotation a secret that was kept before there could be several signs as well', async () => {
    const stage = await stageOn(await open());
    const receiver = await receiverOf();
    const { id, signingSecret } = await stage.subscribe(receiver.url);
    await stage.db.run('update webhooks set previous_secret = signing_secret, previous_until = $2 where id = $1', [
      id,
      stage.clock.now + 1000,
    ]);
    stage.engine.start();
    await stage.confirm((await stage.hold()).uuid);
    await allIn(stage, 'delivered', 1);
    const { headers, body } = receiver.received[0]!;
    const signature = new Webhook(signingSecret).sign(String(headers['webhook-id']), new Date(monday), body);
    expect(headers['webhook-signature']).toBe(`${signature} ${signature}`);
  });

  it('an engine that stops gives back what it leased and has not started', async () => {
    const stage = await stageOn(await open(), { limits: { perWebhook: 0 } });
    await stage.subscribe('http://127.0.0.1:9/hook');
    stage.engine.start();
    await stage.confirm((await stage.hold()).uuid);
    expect(await stage.deliveries()).toMatchObject([{ lease_token: stage.engine.leaseToken }]);
    await stage.engine.stop(4000);
    expect(await stage.deliveries()).toMatchObject([{ state: 'pending', lease_token: null }]);
  });
});
