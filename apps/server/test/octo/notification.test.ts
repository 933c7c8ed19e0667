import { expect, test } from 'vitest';
import { onEachEngine } from '../support/databases.ts';
import { ok, openStage, refused } from './stage.ts';

const root = '/notifications/subscriptions';
const creation = { url: 'https://crm.example/hook', notificationTypes: ['booking_update', 'Product_Update'] };
const nobody = '00000000-0000-4000-8000-000000000000';

onEachEngine('subscriptions to notifications over OCTO', (open) => {
  test.each([root, '/notifications/subcriptions'])('are made, read, changed and deleted at %s', async (path) => {
    const { octo } = await openStage(await open());
    const { signingSecret, ...made } = await ok(octo.website('POST', path, creation));
    expect(signingSecret).toMatch(/^whsec_/);
    expect(made).toEqual({
      id: expect.any(String),
      notificationTypes: ['BOOKING_UPDATE', 'PRODUCT_UPDATE'],
      url: creation.url,
      headers: {},
      active: true,
      retryOnError: true,
    });
    expect(await ok(octo.website('GET', `${path}/${made.id}`))).toEqual(made);
    expect(await ok(octo.website('GET', path))).toEqual([made]);
    const change = { notificationType: 'AVAILABILITY_UPDATE', active: false, headers: { 'X-A': 'secret' } };
    const changed = {
      ...made,
      notificationTypes: ['AVAILABILITY_UPDATE'],
      active: false,
      headers: { 'X-A': '********' },
    };
    expect(await ok(octo.website('PATCH', `${path}/${made.id}`, change))).toEqual(changed);
    expect(await ok(octo.website('PATCH', `${path}/${made.id}`, {}))).toEqual(changed);
    expect(await ok(octo.website('DELETE', `${path}/${made.id}`))).toMatchObject({ success: true });
    expect(await ok(octo.website('GET', path))).toEqual([]);
  });

  test('are no webhooks, nor the other way round, and belong to their connection', async () => {
    const { octo } = await openStage(await open());
    const { id } = await ok(octo.website('POST', root, { ...creation, url: 'https://u:p@crm.example/hook' }));
    const webhook = await ok(octo.website('POST', '/webhooks', { event: 'booking_update', url: creation.url }));
    expect(await ok(octo.website('GET', '/webhooks'))).toHaveLength(1);
    expect(JSON.stringify(await ok(octo.website('GET', root)))).not.toContain('u:p');
    expect(await ok(octo.reseller('GET', root))).toEqual([]);
    for (const [call, path, error] of [
      [octo.reseller, `${root}/${id}`, 'INVALID_SUBSCRIPTION_ID'],
      [octo.website, `${root}/${webhook.id}`, 'INVALID_SUBSCRIPTION_ID'],
      [octo.website, `${root}/${nobody}`, 'INVALID_SUBSCRIPTION_ID'],
      [octo.website, `${root}/nothing`, 'INVALID_SUBSCRIPTION_ID'],
      [octo.website, `/webhooks/${id}`, 'INVALID_WEBHOOK_ID'],
    ] as const) {
      for (const [method, body] of [['GET'], ['PATCH', { active: false }], ['DELETE']] as const) {
        expect(await refused(call(method, path, body), error)).toHaveProperty('id');
      }
    }
    await refused(octo.website('DELETE', '/webhooks', { url: creation.url, event: 'order_update' }), 'BAD_REQUEST');
    await refused(octo.website('POST', `/webhooks/${id}/trigger`, {}), 'INVALID_WEBHOOK_ID');
    await ok(octo.website('DELETE', '/webhooks', { url: creation.url }));
    expect(await ok(octo.website('GET', root))).toMatchObject([{ id, active: true }]);
  });

  test.each([
    [{ notificationTypes: ['ORDER_UPDATE'] }, 'notificationTypes[0] must be one of'],
    [{ notificationTypes: undefined }, 'notificationTypes is required'],
    [{ url: 'ftp://crm.example/' }, 'url must begin with'],
    [{ headers: { 'webhook-id': 'x' } }, 'headers.webhook-id is set by the sender'],
  ])('with %j are a BAD_REQUEST that names the field', async (change, message) => {
    const { octo } = await openStage(await open());
    const error = await refused(octo.website('POST', root, { ...creation, ...change }), 'BAD_REQUEST');
    expect(error.errorMessage).toContain(message);
    expect(await ok(octo.website('GET', root))).toEqual([]);
  });

  test('are declared, and their capability is echoed', async () => {
    const { octo } = await openStage(await open());
    const headers = { 'octo-capabilities': 'notifications, octo/webhooks' };
    const answer = await octo.website('GET', '/capabilities', undefined, headers);
    expect(answer.headers.get('octo-capabilities')).toBe('notifications, octo/webhooks');
    expect(answer.body.map(({ id }: { id: string }) => id)).toContain('octo/notifications');
    const webhook = await ok(
      octo.website('POST', '/webhooks', { event: 'booking_update', url: creation.url }, headers),
    );
    expect(webhook.capabilities).toEqual([]);
  });
});
