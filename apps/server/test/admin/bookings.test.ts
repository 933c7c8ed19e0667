import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { monday } from '../supplier/stage.ts';
import { onEachEngine } from '../support/databases.ts';
import { booked, recordingFrom, withoutInstantConfirmation } from './booked.ts';
import { answered, openStage } from './stage.ts';

const everything = { 'octo-capabilities': 'octo/pricing, octo/content, octo/cart' };

onEachEngine('bookings over /api', (open) => {
  it('are shown whichever connection they are of, as OCTO shows them with every capability', async () => {
    const stage = await openStage(await open());
    for (const [call, party] of [
      [stage.octo.website, stage.website],
      [stage.octo.reseller, stage.reseller],
    ] as const) {
      const { uuid } = await booked(stage, party);
      const shown = (await call('GET', `/bookings/${uuid}`, undefined, everything)).body;
      const { connectionId } = party;
      expect(shown.pricing.retail).toBeGreaterThan(0);
      expect(await answered(200, stage.api('GET', `/bookings/${uuid}`))).toEqual({ connectionId, ...shown });
      expect(await answered(200, stage.api('GET', `/bookings/${uuid.toUpperCase()}`))).toMatchObject({ uuid });
    }
  });

  it('that wait for the supplier are accepted, and say so in events of the booking and its order', async () => {
    const stage = await openStage(await open());
    await withoutInstantConfirmation(stage);
    const { uuid, orderId, status } = await booked(stage);
    expect(status).toBe('PENDING');
    const recorded = await recordingFrom(stage);
    const accepted = await answered(200, stage.api('POST', `/bookings/${uuid}/accept`));
    expect(accepted).toMatchObject({ uuid, status: 'CONFIRMED', connectionId: stage.reseller.connectionId });
    expect(accepted.voucher.deliveryOptions).toHaveLength(1);
    const events = [
      ['booking_update', uuid, 'CONFIRMED'],
      ['order_update', orderId, 'CONFIRMED'],
    ];
    expect(await recorded()).toEqual(events);
    expect(await answered(200, stage.api('POST', `/bookings/${uuid}/accept`))).toEqual(accepted);
    expect(await recorded()).toEqual(events);
    expect((await answered(422, stage.api('POST', `/bookings/${uuid}/reject`, {}))).message).toContain('CONFIRMED');
  });

  it('that wait for the supplier are rejected with a reason, and their places are free again', async () => {
    const stage = await openStage(await open());
    await withoutInstantConfirmation(stage);
    const { uuid, orderId, productId, optionId, availabilityId } = await booked(stage);
    const recorded = await recordingFrom(stage);
    const rejected = await answered(200, stage.api('POST', `/bookings/${uuid}/reject`, { reason: 'Low tide' }));
    expect(rejected).toMatchObject({ status: 'REJECTED', rejection: { reason: 'Low tide' } });
    expect(await recorded()).toEqual([
      ['availability_update', `${productId}/${optionId}/${availabilityId}`, 'AVAILABLE'],
      ['booking_update', uuid, 'REJECTED'],
      ['order_update', orderId, 'CANCELLED'],
    ]);
    expect((await stage.slot(stage.cruise())).vacancies).toBe(2_000);
  });

  it.each([[{}], [{ reason: null }], [undefined]])('are rejected without a reason by %j', async (body) => {
    const stage = await openStage(await open());
    await withoutInstantConfirmation(stage);
    const { uuid } = await booked(stage);
    const bare = () =>
      stage.adminRequest(`/api/bookings/${uuid}/reject`, { method: 'POST', headers: { authorization: 'Bearer ours' } });
    const rejected =
      body === undefined
        ? await (await bare()).json()
        : await answered(200, stage.api('POST', `/bookings/${uuid}/reject`, body));
    expect(rejected).toMatchObject({ status: 'REJECTED', rejection: { reason: null } });
  });

  it.each([
    ['redeem', 'REDEEMED', 'utcRedeemedAt'],
    ['no-show', 'NOSHOW', 'utcNoshowedAt'],
  ])('are told apart on the day by %s, also of a connection that was deleted', async (command, status, field) => {
    const stage = await openStage(await open());
    const { uuid, orderId } = await booked(stage);
    await answered(200, stage.api('DELETE', `/connections/${stage.reseller.connectionId}`));
    const recorded = await recordingFrom(stage);
    const after = await answered(200, stage.api('POST', `/bookings/${uuid}/${command}`));
    expect(after).toMatchObject({ uuid, status, [field]: new Date(monday).toISOString() });
    expect(await recorded()).toEqual([
      ['booking_update', uuid, status],
      ['order_update', orderId, 'CONFIRMED'],
    ]);
    expect(await answered(200, stage.api('GET', `/bookings/${uuid}`))).toEqual(after);
    expect((await answered(422, stage.api('POST', `/bookings/${uuid}/accept`))).message).toContain(status);
  });

  it('are not there when they are nobody’s, or their uuid is none', async () => {
    const stage = await openStage(await open());
    for (const uuid of [randomUUID(), 'none', '%00', 'a'.repeat(200)]) {
      for (const command of ['accept', 'reject', 'redeem', 'no-show']) {
        await answered(404, stage.api('POST', `/bookings/${uuid}/${command}`, {}));
      }
      expect((await answered(404, stage.api('GET', `/bookings/${uuid}`))).message).toContain('booking');
    }
  });

  it.each([
    [{ reason: 5 }, 'reason'],
    [{ reason: 'a'.repeat(10_001) }, 'reason'],
    [{ reason: 'a\0b' }, 'reason'],
    [{ because: 'x' }, 'because'],
    [[], 'the body'],
  ])('are not rejected by %j, which is told by its field', async (body, field) => {
    const stage = await openStage(await open());
    await withoutInstantConfirmation(stage);
    const { uuid } = await booked(stage);
    const recorded = await recordingFrom(stage);
    const { error, message } = await answered(400, stage.api('POST', `/bookings/${uuid}/reject`, body));
    expect([error, message]).toEqual(['bad_request', expect.stringContaining(field)]);
    expect(await recorded()).toEqual([]);
  });

  it('are not rejected by a body of another type, which would lose the reason', async () => {
    const stage = await openStage(await open());
    await withoutInstantConfirmation(stage);
    const { uuid } = await booked(stage);
    const body = 'reason=Low+tide';
    const headers = {
      authorization: 'Bearer ours',
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': `${body.length}`,
    };
    const answer = await stage.adminRequest(`/api/bookings/${uuid}/reject`, { method: 'POST', headers, body });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ message: expect.stringContaining('application/json') });
    expect(await answered(200, stage.api('GET', `/bookings/${uuid}`))).toMatchObject({ status: 'PENDING' });
  });
});

onEachEngine('the token of a supplier that is suspended', (open) => {
  it('shows its bookings, orders and campaigns, and changes none of them', async () => {
    const stage = await openStage(await open());
    const { uuid, orderId } = await booked(stage);
    const [campaign] = (await answered(200, stage.api('GET', '/campaigns'))).campaigns;
    await answered(200, stage.instance('POST', `/suppliers/${stage.sample.supplierId}/suspend`));
    const recorded = await recordingFrom(stage);
    for (const command of ['accept', 'reject', 'redeem', 'no-show']) {
      await answered(403, stage.api('POST', `/bookings/${uuid}/${command}`, {}));
    }
    await answered(403, stage.api('POST', `/orders/${orderId}/payments`, { amount: 1 }));
    await answered(403, stage.api('POST', `/orders/${orderId}/refunds`, { amount: 1 }));
    await answered(403, stage.api('PATCH', `/campaigns/${campaign.id}`, { enabled: false }));
    expect(await recorded()).toEqual([]);
    expect(await answered(200, stage.api('GET', `/bookings/${uuid}`))).toMatchObject({ status: 'CONFIRMED' });
    expect(await answered(200, stage.api('GET', `/orders/${orderId}`))).toMatchObject({ transactions: [] });
    expect((await answered(200, stage.api('GET', '/campaigns'))).campaigns).toContainEqual(campaign);
  });
});
