import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { adminTokenStore } from '../../src/admin/index.ts';
import { hashKey } from '../../src/platform/secrets/index.ts';
import { guest } from '../supplier/stage.ts';
import { onEachEngine } from '../support/databases.ts';
import { type Json, type Server, serverOpenings } from '../webhooks/server.ts';
import { type ApiCall, answered, openStage } from './stage.ts';

const settings = { name: 'Alpine Bells', language: 'de', languages: ['de', 'en'], timeZone: 'Europe/Vienna' };
const env = { incoming: { socket: { remoteAddress: '127.0.0.1' } } };

/** Calls `/api` or `/octo` of a server with a key or a token. */
const callerOf =
  ({ app }: Server) =>
  (base: '/api' | '/octo', key: string): ApiCall =>
  async (method, path, body) => {
    const request = new Request(`http://127.0.0.1${base}${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const response = await app.fetch(request, env);
    return { status: response.status, body: await response.json() };
  };

onEachEngine('a connection that hears all of its supplier', (open) => {
  const { opened } = serverOpenings(open);

  it('hears of the bookings of its other connections, and of nothing of another supplier', async () => {
    const { db, server, receiver, arrived } = await opened();
    const call = callerOf(server);
    const tokens = adminTokenStore(db, hashKey);
    const token = { name: 'test', now: 0 };
    const { supplierId, products } = server.sample;
    await tokens.put({ ...token, id: randomUUID(), supplierId, instance: false, token: 'ours' });
    await tokens.put({ ...token, id: randomUUID(), supplierId: null, instance: true, token: 'instance' });
    const made = await answered(201, call('/api', 'instance')('POST', '/suppliers', settings));
    const suppliers = { ours: call('/api', 'ours'), theirs: call('/api', made.token) };
    const product = await answered(200, suppliers.ours('GET', `/products/${products.cruise.productId}`));
    await answered(201, suppliers.theirs('POST', '/products', product));

    const keyOf = async (supplier: ApiCall, hears: 'own' | 'supplier') =>
      (await answered(201, supplier('POST', '/connections', { name: hears, kind: 'website', emails: false, hears })))
        .key;
    const hookOf = async (key: string) => {
      const wanted = { event: 'booking_update', url: receiver.url };
      return (await answered(200, call('/octo', key)('POST', '/webhooks', wanted))).id;
    };
    const hooks = {
      ours: await hookOf(await keyOf(suppliers.ours, 'supplier')),
      theirs: await hookOf(await keyOf(suppliers.theirs, 'supplier')),
    };
    const { productId, optionId, units } = products.cruise;
    const booked = async (supplier: ApiCall) => {
      const octo = call('/octo', await keyOf(supplier, 'own'));
      const availabilityId = '2026-06-10T14:00:00+02:00';
      const unitItems = [{ unitId: units.ADULT }];
      const wanted = { productId, optionId, availabilityId, unitItems };
      const { uuid } = await answered(200, octo('POST', '/bookings', wanted));
      await answered(200, octo('POST', `/bookings/${uuid}/confirm`, { contact: guest }));
      return uuid;
    };
    const uuids = { ours: await booked(suppliers.ours), theirs: await booked(suppliers.theirs) };
    const told = (await arrived()).map(({ body }) => JSON.parse(body) as Json);
    expect(new Set(told.map(({ webhook, booking }) => `${webhook.id} ${booking.uuid}`))).toEqual(
      new Set([`${hooks.ours} ${uuids.ours}`, `${hooks.theirs} ${uuids.theirs}`]),
    );
  });

  it('is made so, and stays as it is', async () => {
    const stage = await openStage(await open());
    const wanted = { name: 'App', kind: 'website', emails: false };
    for (const hears of ['own', 'supplier']) {
      const { connection } = await answered(201, stage.api('POST', '/connections', { ...wanted, hears }));
      expect(connection).toMatchObject({ hears });
      const other = hears === 'own' ? 'supplier' : 'own';
      const refused = await answered(400, stage.api('PATCH', `/connections/${connection.id}`, { hears: other }));
      expect(refused.message).toContain('hears');
      expect((await answered(200, stage.api('GET', '/connections'))).connections).toContainEqual(connection);
    }
  });
});
