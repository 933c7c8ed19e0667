import { expect, it } from 'vitest';
import { onSqlite } from '../support/databases.ts';
import { serverOpenings } from './server.ts';

onSqlite('a test of a webhook that is told something else than whole objects', (open) => {
  const { opened } = serverOpenings(open);

  it('sends what its deliveries are: what its templates make of the object, or its ids', async () => {
    const { server, receiver } = await opened();
    const { call, sample } = server;
    const { productId, optionId, units } = sample.products.cruise;
    const slot = { productId, optionId, availabilityId: '2026-06-10T14:00:00+02:00' };
    const { uuid } = await call('POST', '/bookings', { ...slot, unitItems: [{ unitId: units.ADULT }] });
    const { id } = await call('POST', '/webhooks', { event: 'booking_update', url: receiver.url });
    const set = (change: Parameters<typeof server.app.subscriptions.set>[2]) =>
      server.app.subscriptions.set(sample.supplierId, id, change);
    const transformed = (body: string) => set({ transformation: { body, headers: { 'X-A': 'b' }, parameters: {} } });
    const trigger = () => call('POST', `/webhooks/${id}/trigger`, { uuid });

    await transformed('{"status": {{ booking.status | json }}}');
    const sent = await trigger();
    expect(sent).toMatchObject({ test: true, state: 'delivered' });
    expect(receiver.received[0]).toMatchObject({
      body: '{"status": "ON_HOLD"}',
      headers: { 'x-a': 'b', 'carillon-test': 'true', 'webhook-id': sent.id },
    });

    for (const [body, detail] of [
      ['{{ booking.status }}', /^its transformation failed: body: does not render JSON/],
      ['{% if booking.notes %}{}{% endif %}', /renders nothing/],
    ] as const) {
      await transformed(body);
      expect(await trigger()).toMatchObject({ state: 'gave_up', status: null, detail: expect.stringMatching(detail) });
    }
    expect(receiver.received).toHaveLength(1);

    await set({ transformation: null, payload: 'thin' });
    await trigger();
    expect(JSON.parse(receiver.received[1]!.body)).toMatchObject({
      webhook: { id },
      booking: { uuid, url: `https://carillon.example/octo/bookings/${uuid}` },
      position: 0,
    });
  });
});
