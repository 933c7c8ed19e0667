import { expect, it } from 'vitest';
import { onEachEngine } from '../support/databases.ts';
import { answered, openStage } from './stage.ts';

const hook = { url: 'https://crm.example/hook', event: 'booking_update', headers: { 'X-Token': 'hush-hush' } };

onEachEngine('webhooks over /api', (open) => {
  it('of any connection are changed field by field, as their connection sees them then', async () => {
    const stage = await openStage(await open());
    const { body } = await stage.octo.reseller('POST', '/webhooks', hook);
    const path = `/webhooks/${body.id}`;
    const url = 'https://crm.example/orders';
    const changed = await answered(200, stage.api('PATCH', path, { url, event: 'order_update', retryOnError: false }));
    expect(changed).toMatchObject({ id: body.id, url, event: 'order_update', retryOnError: false, state: 'active' });
    expect(changed.capabilities).toContain('octo/cart');
    expect(JSON.stringify(changed)).not.toContain('hush');
    expect((await answered(200, stage.api('GET', '/webhooks'))).webhooks).toEqual([changed]);
    const seen = (await stage.octo.reseller('GET', path)).body;
    expect(seen).toMatchObject({ url, event: 'order_update', retryOnError: false, headers: { 'X-Token': '********' } });
    expect((await answered(400, stage.api('PATCH', path, { url: 'mailto:crm' }))).message).toContain('url');
  });

  it('are paused and enabled, and sent to as they are configured', async () => {
    const stage = await openStage(await open());
    const { id } = (await stage.octo.website('POST', '/webhooks', hook)).body;
    const path = `/webhooks/${id}`;
    const rateLimit = { perSecond: 5, burst: 10 };
    const sending = { ordering: 'none', holdForMs: 60_000, concurrency: 4, rateLimit, retryDelaysMs: [0, 1000] };
    expect((await answered(200, stage.api('PATCH', `${path}/sending`, sending))).sending).toEqual(sending);
    const after = await answered(200, stage.api('PATCH', `${path}/sending`, { rateLimit: null }));
    expect(after).toMatchObject({ condition: 'healthy', sending: { ...sending, rateLimit: null } });
    for (const [body, field] of [
      [{ concurrency: 65 }, 'concurrency'],
      [{ ordering: 'random' }, 'ordering'],
      [{ rateLimit: { perSecond: 0, burst: 1 } }, 'rateLimit.perSecond'],
      [{ retryDelaysMs: [] }, 'retryDelaysMs'],
      [{ speed: 1 }, 'speed'],
    ] as const) {
      expect((await answered(400, stage.api('PATCH', `${path}/sending`, body))).message).toContain(field);
    }
    const paused = await answered(200, stage.api('POST', `${path}/pause`));
    expect(paused).toMatchObject({ condition: 'paused', state: 'disabled', reason: 'the webhook is paused' });
    await answered(200, stage.api('POST', `${path}/enable?held=cancel`));
    expect((await answered(200, stage.api('GET', '/webhooks'))).webhooks).toMatchObject([{ condition: 'healthy' }]);
    for (const call of ['pause', 'enable']) await answered(404, stage.api('POST', `/webhooks/nobody/${call}`));
  });

  it('are deleted, and so are subscriptions to notifications, which only their connection changes', async () => {
    const stage = await openStage(await open());
    const webhook = (await stage.octo.website('POST', '/webhooks', hook)).body;
    const wanted = { url: hook.url, notificationTypes: ['BOOKING_UPDATE'] };
    const subscription = (await stage.octo.website('POST', '/notifications/subscriptions', wanted)).body;
    const { message } = await answered(
      422,
      stage.api('PATCH', `/webhooks/${subscription.id}`, { retryOnError: false }),
    );
    expect(message).toContain('subscription');
    for (const { id } of [webhook, subscription]) {
      await answered(200, stage.api('DELETE', `/webhooks/${id}`));
      await answered(404, stage.api('DELETE', `/webhooks/${id}`));
      await answered(404, stage.api('PATCH', `/webhooks/${id}`, {}));
    }
    expect(await answered(200, stage.api('GET', '/webhooks'))).toEqual({ webhooks: [] });
    expect((await stage.octo.website('GET', '/webhooks')).body).toEqual([]);
  });
});

onEachEngine('connections over /api', (open) => {
  it('change their name and whether their guests get e-mails, each alone', async () => {
    const stage = await openStage(await open());
    const path = `/connections/${stage.reseller.connectionId}`;
    const renamed = await answered(200, stage.api('PATCH', path, { name: 'Hotel desk' }));
    expect(renamed).toMatchObject({ name: 'Hotel desk', kind: 'reseller', emails: false });
    const after = await answered(200, stage.api('PATCH', path, { emails: true }));
    expect(after).toEqual({ ...renamed, emails: true });
    expect(await answered(200, stage.api('PATCH', path, {}))).toEqual(after);
    expect((await answered(200, stage.api('GET', '/connections'))).connections).toContainEqual(after);
    for (const [body, field] of [
      [{ name: '' }, 'name'],
      [{ emails: 'yes' }, 'emails'],
      [{ kind: 'website' }, 'kind'],
    ] as const) {
      expect((await answered(400, stage.api('PATCH', path, body))).message).toContain(field);
    }
    await answered(200, stage.api('DELETE', path));
    await answered(404, stage.api('PATCH', path, { name: 'Gone' }));
  });
});
