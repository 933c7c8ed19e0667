import { expect, test } from 'vitest';
import { onEachEngine } from '../support/databases.ts';
import { guest, ok, openStage, refused } from './stage.ts';

onEachEngine('two connections of one supplier', (open) => {
  test('never see or change each other’s bookings and orders', async () => {
    const stage = await openStage(await open());
    const { website, reseller } = stage.octo;
    const theirs = { ...stage.cruise(), resellerReference: 'R-1' };
    const { uuid, orderId, supplierReference } = await ok(
      website('POST', '/bookings', theirs, { 'octo-capabilities': 'cart' }),
    );
    const before = await ok(website('GET', `/bookings/${uuid}`));
    for (const [method, path, body] of [
      ['GET', ''],
      ['PATCH', '', { notes: 'mine now' }],
      ['DELETE', ''],
      ['POST', '/confirm', { contact: guest }],
      ['POST', '/extend', { expirationMinutes: 600 }],
      ['POST', '/cancel', { force: true }],
    ] as const) {
      await refused(reseller(method, `/bookings/${uuid}${path}`, body), 'INVALID_BOOKING_UUID');
    }
    for (const [method, path] of [
      ['GET', ''],
      ['DELETE', ''],
      ['POST', '/confirm'],
      ['POST', '/extend'],
      ['POST', '/cancel'],
    ] as const) {
      await refused(reseller(method, `/orders/${orderId}${path}`), 'INVALID_ORDER_ID');
    }
    await refused(reseller('POST', '/bookings', { ...stage.cruise(), orderId }), 'INVALID_ORDER_ID');
    await refused(reseller('POST', '/bookings', { ...theirs, uuid }), 'INVALID_BOOKING_UUID');
    for (const query of ['resellerReference=R-1', `supplierReference=${supplierReference}`, 'localDate=2026-06-10']) {
      expect(await ok(reseller('GET', `/bookings?${query}`))).toEqual([]);
      expect(await ok(website('GET', `/bookings?${query}`))).toHaveLength(1);
    }
    expect(await ok(website('GET', `/bookings/${uuid}`))).toEqual(before);
  });

  test('never see or change each other’s webhooks', async () => {
    const { octo } = await openStage(await open());
    const { website, reseller } = octo;
    const url = 'https://crm.example/hook';
    const { signingSecret, ...made } = await ok(website('POST', '/webhooks', { event: 'booking_update', url }));
    await refused(reseller('GET', `/webhooks/${made.id}`), 'INVALID_WEBHOOK_ID');
    await refused(reseller('PATCH', `/webhooks/${made.id}`, { url: 'https://evil.example/' }), 'INVALID_WEBHOOK_ID');
    await refused(reseller('DELETE', `/webhooks/${made.id}`), 'INVALID_WEBHOOK_ID');
    await refused(reseller('DELETE', '/webhooks', { url }), 'BAD_REQUEST');
    expect(await ok(reseller('GET', '/webhooks'))).toEqual([]);
    expect(await ok(website('GET', '/webhooks'))).toEqual([made]);
  });
});
