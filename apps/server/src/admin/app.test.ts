import { createHash, randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import { expect, it, vi } from 'vitest';
import { mailStack } from '../../test/email/mail-stack.ts';
import { onEachEngine } from '../../test/support/databases.ts';
import { allIn, openings, waiting } from '../../test/webhooks/stage.ts';
import { createChanges } from '../changes/index.ts';
import { randomKey } from '../platform/secrets/index.ts';
import { createParties, guestsGetEmails, profileOf } from '../supplier/index.ts';
import { createAlerts, newSigningSecret } from '../webhooks/index.ts';
import { adminApp, adminTokenStore } from './index.ts';

/** Nothing that is sealed here is looked at. */
const unsealed = { seal: (text: string) => text, open: (sealed: string) => sealed };

const hashKey = (key: string) => createHash('sha256').update(key).digest('hex');

onEachEngine('the API of the dashboard', (open) => {
  const { stage: stageOn, receiver: receiverOf } = openings();
  async function openApi() {
    const stage = await stageOn(await open());
    const { db, sample, subscriptions, notifications } = stage;
    await db.run(
      `insert into suppliers (id, document, language, languages, time_zone, hold_seconds, settling_ms, created_at)
       select 'another', document, language, languages, time_zone, hold_seconds, settling_ms, created_at from suppliers`,
    );
    const tokens = adminTokenStore(db, hashKey);
    for (const [token, supplierId] of [
      ['ours', sample.supplierId],
      ['theirs', 'another'],
    ] as const) {
      await db.run(
        'insert into admin_tokens (id, supplier_id, name, token_hash, created_at) values ($1, $2, $3, $4, 0)',
        [token, supplierId, token, hashKey(token)],
      );
    }
    const app = new Hono();
    const publicUrl = () => 'https://carillon.example';
    const now = () => stage.clock.now;
    const parties = createParties({ db, now, newId: randomUUID });
    const keys = { newKey: randomKey, hashKey };
    const { supplier } = stage;
    const mail = mailStack(db, { now });
    app.route(
      '/api',
      adminApp({
        db,
        changes: createChanges({ listeners: [], now, newId: randomUUID }),
        subscriptions,
        notifications,
        alerts: createAlerts({ db, seal: unsealed, now, newSecret: newSigningSecret }),
        supplier,
        parties,
        mailing: { profile: profileOf, connection: async (_, id) => ({ emails: await guestsGetEmails(db, id) }) },
        emailProviders: mail.directory,
        suppressions: mail.suppressions,
        tokens,
        ...keys,
        now,
        newId: randomUUID,
        version: '1',
        publicUrl,
      }),
    );
    const call = async (path: string, token: string | undefined = 'ours', method = 'GET') => {
      const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
      const response = await app.request(`/api${path}`, { method, headers });
      // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of any shape
      const body: any = await response.json();
      return { status: response.status, body };
    };
    return { stage, call };
  }

  it('lets nobody in without a token, except to its own description', async () => {
    const { call } = await openApi();
    for (const path of ['/webhooks', '/deliveries', '/nothing', '/nothing/openapi.json']) {
      expect((await call(path, 'guessed')).status).toBe(401);
    }
    const { status, body } = await call('/openapi.json', 'guessed');
    expect([status, body.openapi]).toEqual([200, '3.1.0']);
    expect(body.components.securitySchemes).toEqual({ adminToken: { type: 'http', scheme: 'bearer' } });
    expect(Object.keys(body.components.schemas.Delivery.properties)).toContain('reason');
  });

  it('lists webhooks with the state of each and why, and enables them again', async () => {
    const { stage, call } = await openApi();
    const receiver = await receiverOf((_, count) => (count === 1 ? 410 : 204));
    const { id } = await stage.subscribe(receiver.url, { headers: { 'X-Token': 'hush-hush' } });
    expect((await call('/webhooks')).body).toMatchObject({ webhooks: [{ id, state: 'active', reason: null }] });
    stage.engine.start();
    await stage.confirm((await stage.hold()).uuid);
    await allIn(stage, 'gave_up', 1);
    const { body } = await call('/webhooks');
    const { connectionId } = stage.website;
    const reason = 'the receiver answered 410 Gone';
    expect(body).toMatchObject({ webhooks: [{ id, connectionId, url: receiver.url, state: 'disabled', reason }] });
    expect(JSON.stringify(body)).not.toMatch(/hush-hush|whsec_|s1\./);
    expect((await call(`/webhooks/${id}/enable`, 'ours', 'POST')).body).toMatchObject({
      state: 'active',
      missed: { gaveUp: 1 },
    });
    expect((await call('/webhooks')).body).toMatchObject({ webhooks: [{ id, state: 'active', reason: null }] });
  });

  it('shows a supplier nothing of another’s', async () => {
    const { stage, call } = await openApi();
    const receiver = await receiverOf();
    const { id } = await stage.subscribe(receiver.url);
    stage.engine.start();
    await stage.confirm((await stage.hold()).uuid);
    await allIn(stage, 'delivered', 1);
    const [delivery] = (await call('/deliveries')).body.deliveries;
    expect((await call(`/deliveries/${delivery.id}/attempts`)).body).toMatchObject({
      attempts: [{ outcome: 'accepted' }],
    });
    expect((await call(`/webhooks/${id}/secret`)).body.signingSecret).toMatch(/^whsec_/);
    expect((await call('/webhooks', 'theirs')).body).toEqual({ webhooks: [] });
    expect((await call('/deliveries', 'theirs')).body).toEqual({ deliveries: [] });
    expect((await call(`/deliveries?webhook=${id}`, 'theirs')).body).toEqual({ deliveries: [] });
    for (const [path, method] of [
      [`/deliveries/${delivery.id}/attempts`, 'GET'],
      [`/webhooks/${id}/secret`, 'GET'],
      [`/webhooks/${id}/secret/rotate`, 'POST'],
      [`/webhooks/${id}/enable`, 'POST'],
    ] as const) {
      expect((await call(path, 'theirs', method)).status).toBe(404);
    }
    expect((await call(`/deliveries?before=${delivery.id}`, 'theirs')).status).toBe(400);
  });

  it('pages through deliveries, newest first, of all webhooks or of one', async () => {
    const { stage, call } = await openApi();
    const first = await stage.subscribe('http://127.0.0.1:9/hook');
    await stage.subscribe('http://127.0.0.1:9/hook');
    for (let made = 0; made < 3; made++) {
      stage.clock.now += 1;
      await stage.confirm((await stage.hold()).uuid);
    }
    const listed = async (query: string) => {
      const found: { id: string; createdAt: number; webhookId: string }[] = [];
      for (;;) {
        const before = found.length === 0 ? '' : `&before=${found.at(-1)?.id}`;
        const { deliveries } = (await call(`/deliveries?limit=2${query}${before}`)).body;
        if (deliveries.length === 0) return found;
        expect(deliveries.length).toBeLessThanOrEqual(2);
        found.push(...deliveries);
      }
    };
    await vi.waitFor(async () => expect(await listed('')).toHaveLength(6), waiting);
    const all = await listed('');
    expect(new Set(all.map((one) => one.id)).size).toBe(6);
    const times = all.map((one) => one.createdAt);
    expect(times).toEqual(times.toSorted((a, b) => b - a));
    const ofFirst = await listed(`&webhook=${first.id}`);
    expect(ofFirst).toEqual(all.filter((one) => one.webhookId === first.id));
    expect(ofFirst).toHaveLength(3);
  });

  it.each(['limit=0', 'limit=501', 'limit=many', 'before=nothing'])('refuses a list with %s', async (query) => {
    const { call } = await openApi();
    const { status, body } = await call(`/deliveries?${query}`);
    expect([status, body.error]).toEqual([400, 'bad_request']);
    expect(body.message).toContain(query.split('=')[0]);
  });
});
