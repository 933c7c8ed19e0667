import { randomUUID } from 'node:crypto';
import { expect, it, vi } from 'vitest';
import { octoLimits } from '../../src/octo/index.ts';
import { onEachEngine } from '../support/databases.ts';
import { type Json, serverOpenings } from '../webhooks/server.ts';
import { waiting } from '../webhooks/stage.ts';
import { type Call, ok, openStage } from './stage.ts';

onEachEngine('how often webhooks can be tested', (open) => {
  const { opened } = serverOpenings(open);

  it('is limited for each webhook, and for all webhooks of a connection', async () => {
    const tests = { webhook: { perSecond: 0.5, burst: 2 }, connection: { perSecond: 0.25, burst: 4 } };
    const { octo, sample, clock, db } = await openStage(await open(), { ...octoLimits, tests });
    const { productId } = sample.products.cruise;
    const webhook = async (call: Call) => {
      const url = `https://crm.example/${randomUUID()}`;
      const { id } = await ok(call('POST', '/webhooks', { event: 'product_update', url }));
      return () => call('POST', `/webhooks/${id}/trigger`, { productId });
    };
    const [one, other, third, theirs] = [
      await webhook(octo.website),
      await webhook(octo.website),
      await webhook(octo.website),
      await webhook(octo.reseller),
    ];
    for (const test of [one, one, other]) expect(await ok(test())).toMatchObject({ state: 'gave_up' });
    const answer = await one();
    expect(answer).toMatchObject({ status: 429, body: { error: 'TOO_MANY_REQUESTS' } });
    expect(answer.body.errorMessage).toBe('too many tests of this webhook: wait as Retry-After says');
    expect(answer.headers.get('retry-after')).toBe('2');
    await ok(third());
    const late = await third();
    expect(late).toMatchObject({ status: 429, body: { error: 'TOO_MANY_REQUESTS' } });
    expect(late.body.errorMessage).toBe('too many tests of webhooks of this connection: wait as Retry-After says');
    expect(late.headers.get('retry-after')).toBe('4');
    await ok(theirs());
    clock.now += 4_000;
    await ok(one());
    expect(await db.all('select id from deliveries')).toHaveLength(6);
  });

  it('that is refused for one webhook uses up nothing of the others', async () => {
    const tests = { webhook: { perSecond: 0.001, burst: 1 }, connection: { perSecond: 0.001, burst: 2 } };
    const { octo, sample } = await openStage(await open(), { ...octoLimits, tests });
    const { productId } = sample.products.cruise;
    const url = 'https://crm.example/hook';
    const [one, other] = [
      await ok(octo.website('POST', '/webhooks', { event: 'product_update', url })),
      await ok(octo.website('POST', '/webhooks', { event: 'product_update', url })),
    ];
    const test = ({ id }: { id: string }) => octo.website('POST', `/webhooks/${id}/trigger`, { productId });
    await ok(test(one));
    for (let again = 0; again < 3; again++) expect(await test(one)).toMatchObject({ status: 429 });
    await ok(test(other));
  });

  it('is limited to four of a connection under way at once, so that they take no sockets from deliveries', async () => {
    const gate = Promise.withResolvers<void>();
    const stage = await opened(async () => {
      await gate.promise;
      return 204;
    });
    const { server, receiver } = stage;
    const { productId } = server.sample.products.cruise;
    const tester = async ({ call }: Pick<typeof server, 'call'>): Promise<() => Promise<Json>> => {
      const { id } = await call('POST', '/webhooks', { event: 'product_update', url: receiver.url });
      return () => call('POST', `/webhooks/${id}/trigger`, { productId });
    };
    const [ours, theirs] = [await tester(server), await tester(server.reseller)];
    const underWay = [ours(), ours(), ours(), ours()];
    await vi.waitFor(() => expect(receiver.received).toHaveLength(4), waiting);
    await expect(ours()).rejects.toThrow(
      '429 {"error":"TOO_MANY_REQUESTS","errorMessage":"too many tests of webhooks are',
    );
    underWay.push(theirs());
    await vi.waitFor(() => expect(receiver.received).toHaveLength(5), waiting);
    gate.resolve();
    for (const result of await Promise.all(underWay)) expect(result).toMatchObject({ state: 'delivered' });
    expect(await ours()).toMatchObject({ state: 'delivered' });
  });
});
