import { expect, it, vi } from 'vitest';
import { onEachEngine } from '../support/databases.ts';
import { openings, waiting } from './stage.ts';

onEachEngine('what webhooks are told', (open) => {
  const { stage: stageOn, receiver: receiverOf } = openings();
  it('has the fields of its capabilities and no others', async () => {
    const stage = await stageOn(await open());
    const receiver = await receiverOf();
    await stage.subscribe(`${receiver.url}/plain`);
    await stage.subscribe(`${receiver.url}/priced`, { capabilities: ['octo/pricing'] });
    stage.engine.start();
    await stage.confirm((await stage.hold()).uuid);
    await vi.waitFor(() => expect(receiver.received).toHaveLength(2), waiting);
    const bookingAt = (path: string) => JSON.parse(receiver.received.find((one) => one.path === path)!.body).booking;
    expect(bookingAt('/hook/plain')).not.toHaveProperty('pricing');
    expect(bookingAt('/hook/priced')).toHaveProperty('pricing');
  });

  it('of an availability names its product and option', async () => {
    const stage = await stageOn(await open());
    const receiver = await receiverOf();
    await stage.subscribe(receiver.url, { event: 'availability_update' });
    stage.engine.start();
    const { productId, optionId } = stage.cruise();
    await stage.hold();
    await vi.waitFor(() => expect(receiver.received).toHaveLength(1), waiting);
    const body = JSON.parse(receiver.received[0]!.body);
    expect(Object.keys(body)).toEqual([
      'event',
      'webhook',
      'supplier',
      'productId',
      'optionId',
      'availability',
      'diff',
    ]);
    expect(body).toMatchObject({ event: 'availability_update', productId, optionId });
  });

  it('of a product comes to every connection', async () => {
    const stage = await stageOn(await open());
    const receiver = await receiverOf();
    await stage.subscribe(receiver.url, { event: 'product_update' });
    stage.engine.start();
    const [row] = await stage.db.all<{ definition: string }>('select definition from products where id = $1', [
      stage.cruise().productId,
    ]);
    const definition = JSON.parse(row!.definition);
    const saved = await stage.supplier.saveProduct(stage.sample.supplierId, { ...definition, internalName: 'Renamed' });
    expect(saved).toMatchObject({ ok: true });
    await vi.waitFor(() => expect(receiver.received).toHaveLength(1), waiting);
    const { product, diff: operations } = JSON.parse(receiver.received[0]!.body);
    expect(product.internalName).toBe('Renamed');
    expect(operations).toMatchObject([{ op: 'replace', path: '/internalName', value: 'Renamed' }]);
  });
});
