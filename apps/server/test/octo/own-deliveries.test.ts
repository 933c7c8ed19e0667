import { expect, it, vi } from 'vitest';
import { onEachEngine } from '../support/databases.ts';
import { serverOpenings } from '../webhooks/server.ts';
import { waiting } from '../webhooks/stage.ts';
import { guest } from './stage.ts';

onEachEngine('the deliveries of a connection’s own webhook', (open) => {
  const { opened } = serverOpenings(open);

  /** A server whose receiver refuses until it is told otherwise, with a webhook that was told of three events. */
  async function told() {
    let status = 400;
    const { db, server, receiver } = await opened(() => ({ status, body: 'said the receiver' }));
    const webhook = await server.call('POST', '/webhooks', {
      event: 'booking_update',
      url: receiver.url,
      retryOnError: false,
    });
    const { productId, optionId, units } = server.sample.products.cruise;
    const request = { productId, optionId, availabilityId: '2026-06-10T14:00:00+02:00' };
    const { uuid } = await server.call('POST', '/bookings', { ...request, unitItems: [{ unitId: units.ADULT }] });
    await server.call('POST', `/bookings/${uuid}/confirm`, { contact: guest });
    for (const notes of ['a', 'b']) await server.call('PATCH', `/bookings/${uuid}`, { notes });
    const path = `/webhooks/${webhook.id}`;
    const inState = (state: string, count: number) =>
      vi.waitFor(async () => {
        const { deliveries } = await server.call('GET', `${path}/deliveries?states=${state}`);
        expect(deliveries).toHaveLength(count);
        return deliveries;
      }, waiting);
    const answer = (next: number) => {
      status = next;
    };
    return { db, server, receiver, path, uuid, inState, answer };
  }

  it('are listed newest first, page by page, with their attempts', async () => {
    const { server, path, uuid, inState } = await told();
    await inState('gave_up', 3);
    const all = await server.call('GET', `${path}/deliveries`);
    expect(all.next).toBeNull();
    expect(all.deliveries[0]).toMatchObject({
      event: 'booking_update',
      subjectId: uuid,
      state: 'gave_up',
      attempts: [{ outcome: 'refused', status: 400, response: 'said the receiver' }],
    });
    const first = await server.call('GET', `${path}/deliveries?limit=2`);
    const second = await server.call('GET', `${path}/deliveries?limit=2&after=${first.next}`);
    expect([...first.deliveries, ...second.deliveries]).toEqual(all.deliveries);
    expect(second.next).toBeNull();
    const delivered = await server.call('GET', `${path}/deliveries?states=delivered,pending`);
    expect(delivered).toEqual({ deliveries: [], next: null });
    await expect(server.call('GET', `${path}/deliveries?states=lost`)).rejects.toThrow('BAD_REQUEST');
    await expect(server.call('GET', `${path}/deliveries?after=x`)).rejects.toThrow('BAD_REQUEST');
  });

  it('can be sent again, one by one and all together, as they were sent first', async () => {
    const { server, receiver, path, inState, answer } = await told();
    const [last] = await inState('gave_up', 3);
    const sent = receiver.received.splice(0);
    answer(200);
    await server.call('POST', `${path}/deliveries/${last.id}/retry`);
    await inState('delivered', 1);
    const [again] = receiver.received;
    const before = sent.find(({ headers }) => headers['webhook-id'] === last.id);
    expect(again?.body).toBe(before?.body);
    expect(again?.headers['webhook-id']).toBe(last.id);
    const from = new Date(server.clock.now - 60_000).toISOString();
    const replay = await server.call('POST', `${path}/replay`, { from, states: ['gave_up'] });
    expect(replay).toMatchObject({ found: 2 });
    await inState('delivered', 3);
    await expect(server.call('POST', `${path}/replay`, { from: 'yesterday' })).rejects.toThrow('BAD_REQUEST');
  });

  it('cannot be sent again once their bodies were pruned or erased', async () => {
    const { db, server, path, inState } = await told();
    const [third, second] = await inState('gave_up', 3);
    const view = 'id in (select view_id from deliveries where id = $1)';
    await db.run(`delete from views where ${view}`, [third.id]);
    await db.run(`update views set body = '' where ${view}`, [second.id]);
    await expect(server.call('POST', `${path}/deliveries/${third.id}/retry`)).rejects.toThrow('its body was pruned');
    await expect(server.call('POST', `${path}/deliveries/${second.id}/retry`)).rejects.toThrow('its body was erased');
  });
});
