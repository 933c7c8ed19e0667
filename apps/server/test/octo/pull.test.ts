import { afterEach, expect, it, test } from 'vitest';
import { createChanges } from '../../src/changes/index.ts';
import type { Db } from '../../src/platform/db/index.ts';
import { createIds } from '../../src/platform/ids/index.ts';
import { onEachEngine, onPostgres } from '../support/databases.ts';
import { serverOpenings } from '../webhooks/server.ts';
import { type Call, guest, ok, openStage, refused, type Stage } from './stage.ts';

const cart = { 'octo-capabilities': 'octo/cart, octo/pricing' };

async function book(stage: Stage, call: Call): Promise<string> {
  const { uuid } = await ok(call('POST', '/bookings', stage.cruise()));
  await ok(call('POST', `/bookings/${uuid}/confirm`, { contact: guest }));
  return uuid;
}

/** Pulls page by page to the end. */
async function pulled(call: Call, query: string, after?: string) {
  const events = [];
  let next = after;
  for (;;) {
    const page = await ok(call('GET', `/events?${query}${next === undefined ? '' : `&after=${next}`}`));
    events.push(...page.events);
    if (page.next === next && page.events.length === 0) return { events, next: page.next as string };
    next = page.next;
  }
}

onEachEngine('the events of a connection, pulled', (open) => {
  it('are those that its webhooks would be told of, each once and in order, whatever the size of a page', async () => {
    const stage = await openStage(await open());
    const { website, reseller } = stage.octo;
    const uuid = await book(stage, website);
    await book(stage, reseller);
    await ok(website('PATCH', `/bookings/${uuid}`, { notes: 'by the window' }));
    await ok(website('DELETE', `/bookings/${uuid}`));
    const all = await pulled(website, 'types=booking_update');
    expect(all.events.map((event) => [event.position, event.booking.uuid, event.booking.status])).toEqual([
      [2, uuid, 'CONFIRMED'],
      [3, uuid, 'CONFIRMED'],
      [4, uuid, 'CANCELLED'],
    ]);
    expect(all.events[1].diff).toContainEqual({ op: 'replace', path: '/notes', value: 'by the window', was: null });
    for (const limit of [1, 2]) expect(await pulled(website, `types=booking_update&limit=${limit}`)).toEqual(all);
    expect((await pulled(website, 'types=booking_update', all.next)).events).toEqual([]);
    expect((await pulled(reseller, '')).events.filter(({ booking }) => booking?.uuid === uuid)).toEqual([]);
  });

  it('are shown with the capabilities and in the language that the caller asks for', async () => {
    const stage = await openStage(await open());
    await book(stage, stage.octo.website);
    const asked = { ...cart, 'accept-language': 'de' };
    const { events } = await ok(stage.octo.website('GET', '/events?types=booking_update', undefined, asked));
    expect(events[0].booking).toMatchObject({ orderId: expect.any(String), pricing: expect.any(Object) });
    const plain = await ok(stage.octo.website('GET', '/events?types=booking_update'));
    expect(plain.events[0].booking).not.toHaveProperty('orderId');
    const orders = await ok(stage.octo.website('GET', '/events?types=order_update'));
    expect(orders.events[0].order.bookings).toHaveLength(1);
  });

  it('begin where the caller says, and nowhere else', async () => {
    const stage = await openStage(await open());
    const { website } = stage.octo;
    await book(stage, website);
    const { next, events } = await ok(website('GET', '/events?after=now'));
    expect(events).toEqual([]);
    const uuid = await book(stage, website);
    const later = await pulled(website, 'types=booking_update', next);
    expect(later.events.map(({ booking }) => booking.uuid)).toEqual([uuid]);
    await refused(website('GET', '/events?after=tomorrow'), 'BAD_REQUEST');
    await refused(website('GET', '/events?types=weather_update'), 'BAD_REQUEST');
    await refused(website('GET', '/events?wait=31'), 'BAD_REQUEST');
  });

  it('are all of the supplier’s for a connection that hears all', async () => {
    const stage = await openStage(await open());
    const uuid = await book(stage, stage.octo.reseller);
    await stage.db.run(`update connections set hears = 'supplier' where id = $1`, [stage.website.connectionId]);
    const { events } = await pulled(stage.octo.website, 'types=booking_update');
    expect(events.map(({ booking }) => booking.uuid)).toEqual([uuid]);
  });

  it('are refused after a place that is kept no longer', async () => {
    const stage = await openStage(await open());
    const { website } = stage.octo;
    await book(stage, website);
    const { next } = await ok(website('GET', '/events?limit=1&types=booking_update'));
    await stage.db.run('insert into pruned_events (supplier_id, sequence) values ($1, 1000000)', [
      stage.sample.supplierId,
    ]);
    await refused(website('GET', `/events?after=${next}`), 'BAD_REQUEST');
    expect((await ok(website('GET', '/events'))).events).not.toEqual([]);
  });
});

/** Changes a product in a transaction that stays open until it is told to end. */
function changing(db: Db, { supplierId, productId }: { supplierId: string; productId: string }) {
  const changes = createChanges({ listeners: [], now: Date.now, newId: createIds({ now: Date.now }) });
  const written = Promise.withResolvers<void>();
  const mayEnd = Promise.withResolvers<void>();
  const ended = db.transaction(async (tx) => {
    const [held] = await changes.hold(tx, [{ supplierId, type: 'product_update', id: productId }]);
    const after = { ...held!.document!, internalName: `${held!.document!.internalName}!` };
    await changes.record(tx, [{ held: held!, connectionId: null, after }]);
    await tx.all('select 1');
    written.resolve();
    await mayEnd.promise;
  });
  return {
    written: written.promise,
    end() {
      mayEnd.resolve();
      return ended;
    },
  };
}

onPostgres('the events of transactions side by side, pulled', (open) => {
  const ends: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
  });

  it('are never passed by the cursor while one that comes before is not committed', async () => {
    const stage = await openStage(await open());
    const { sample, db, octo } = stage;
    const begin = (product: 'cruise' | 'rowing') => {
      const { supplierId, products } = sample;
      const one = changing(db, { supplierId, productId: products[product].productId });
      ends.push(one.end);
      return one;
    };
    const { next } = await ok(octo.website('GET', '/events?after=now'));
    const first = begin('cruise');
    await first.written;
    const second = begin('rowing');
    await second.written;
    await second.end();
    const before = await ok(octo.website('GET', `/events?after=${next}`));
    expect(before.events).toEqual([]);
    await first.end();
    const ids = (page: { events: { product: { id: string } }[] }) => page.events.map(({ product }) => product.id);
    const both = [sample.products.cruise.productId, sample.products.rowing.productId];
    expect(ids(await ok(octo.website('GET', `/events?after=${before.next}`)))).toEqual(both);
    expect(ids(await ok(octo.website('GET', `/events?after=${next}`)))).toEqual(both);
  });

  it('come although something else is always under way', async () => {
    const stage = await openStage(await open());
    const { sample, db, octo } = stage;
    const { supplierId } = sample;
    const { next } = await ok(octo.website('GET', '/events?after=now'));
    const one = changing(db, { supplierId, productId: sample.products.cruise.productId });
    await one.written;
    await one.end();
    // Two that overlap: there is never a moment without one.
    let under = changing(db, { supplierId, productId: sample.products.rowing.productId });
    await under.written;
    let found: unknown[] = [];
    for (let turn = 0; turn < 5 && found.length === 0; turn++) {
      const product = turn % 2 === 0 ? 'museum' : 'rowing';
      const other = changing(db, { supplierId, productId: sample.products[product].productId });
      await other.written;
      await under.end();
      under = other;
      found = (await ok(octo.website('GET', `/events?after=${next}`))).events;
    }
    await under.end();
    expect(found).not.toEqual([]);
  });
});

onEachEngine('a call that waits for events', (open) => {
  const { opened } = serverOpenings(open);

  it('is answered when there is one', async () => {
    const { server } = await opened();
    const { next } = await server.call('GET', '/events?after=now');
    const waits = server.call('GET', `/events?after=${next}&wait=30&types=booking_update`);
    const { productId, optionId, units } = server.sample.products.cruise;
    const request = { productId, optionId, availabilityId: '2026-06-10T14:00:00+02:00' };
    const { uuid } = await server.call('POST', '/bookings', { ...request, unitItems: [{ unitId: units.ADULT }] });
    await server.call('POST', `/bookings/${uuid}/confirm`, { contact: guest });
    expect((await waits).events.map((event: { booking: { uuid: string } }) => event.booking.uuid)).toEqual([uuid]);
  });

  test('is answered when the process stops', async () => {
    const { server } = await opened();
    const { next } = await server.call('GET', '/events?after=now');
    const waits = server.call('GET', `/events?after=${next}&wait=30`);
    await server.call('GET', '/supplier');
    server.app.endWaits();
    expect(await waits).toEqual({ events: [], next, more: false });
  });
});
