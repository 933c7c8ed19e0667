import { expect, it } from 'vitest';
import { accepted, guest } from '../supplier/stage.ts';
import { onEachEngine } from '../support/databases.ts';
import { booked } from './booked.ts';
import { answered, openStage, type Stage } from './stage.ts';

/** All pages of a list, each of at most `limit`. */
async function pages(stage: Stage, path: string, key: string, goOn: 'before' | 'after', limit: number) {
  const found: { readonly [key: string]: string }[][] = [];
  for (let next: string | null = ''; next !== null; ) {
    const cursor = next === '' ? '' : `&${goOn}=${encodeURIComponent(next)}`;
    const answer = await answered(200, stage.api('GET', `${path}limit=${limit}${cursor}`));
    expect(answer[key].length).toBeLessThanOrEqual(limit);
    found.push(answer[key]);
    next = answer.next;
  }
  return found;
}

/** Three bookings, the last of another connection, a minute apart. */
async function three(stage: Stage) {
  const made = [];
  for (const party of [stage.website, stage.website, stage.reseller]) {
    stage.clock.now += 60_000;
    made.push(await booked(stage, party));
  }
  return made;
}

onEachEngine('bookings and orders in lists over /api', (open) => {
  it('come newest first, page by page, each as it is alone', async () => {
    const stage = await openStage(await open());
    const made = await three(stage);
    for (const [key, id, ids] of [
      ['bookings', 'uuid', made.map(({ uuid }) => uuid)],
      ['orders', 'id', made.map(({ orderId }) => orderId)],
    ] as const) {
      const found = await pages(stage, `/${key}?`, key, 'before', 2);
      expect(found.map((page) => page.length)).toEqual([2, 1]);
      expect(found.flat().map((each) => each[id])).toEqual(ids.toReversed());
      for (const each of found.flat()) {
        expect(each).toEqual(await answered(200, stage.api('GET', `/${key}/${each[id]}`)));
      }
    }
  });

  it('are found by what they are asked for, and only by that', async () => {
    const stage = await openStage(await open());
    const [first, second, third] = await three(stage);
    if (first === undefined || second === undefined || third === undefined) throw new Error('There are not three');
    accepted(await stage.supplier.update(stage.website, second.uuid, { resellerReference: 'R-77' }));
    accepted(await stage.supplier.cancel(stage.reseller, third.uuid, { force: false, reason: null } as never));
    const found = async (query: string) =>
      (await answered(200, stage.api('GET', `/bookings?${query}`))).bookings.map(({ uuid }: { uuid: string }) => uuid);
    const all = [third.uuid, second.uuid, first.uuid];
    const day = first.availability?.localDateTimeStart.slice(0, 10) ?? '';
    expect(await found(`from=${day}&to=${day}`)).toEqual(all.toSorted());
    expect(await found('from=2031-01-01')).toEqual([]);
    expect(await found('to=2001-01-01')).toEqual([]);
    expect(await found(`productId=${first.productId}`)).toEqual(all);
    expect(await found('productId=another')).toEqual([]);
    expect(await found('status=CANCELLED')).toEqual([third.uuid]);
    expect(await found(`connectionId=${stage.reseller.connectionId}`)).toEqual([third.uuid]);
    expect(await found('reference=R-77')).toEqual([second.uuid]);
    expect(await found(`reference=${first.supplierReference}`)).toEqual([first.uuid]);
    expect(await found(`reference=R-77&connectionId=${stage.reseller.connectionId}`)).toEqual([]);
  });

  it('come by day of travel, page by page, where days are asked for', async () => {
    const stage = await openStage(await open());
    const { productId, optionId } = stage.sample.products.cruise;
    const asked = { productId, optionId, localDateStart: '2026-06-10', localDateEnd: '2026-06-12' };
    const slots = accepted(await stage.supplier.availability(stage.sample.supplierId, asked));
    const made: (readonly [day: string, uuid: string])[] = [];
    for (const { id } of [...slots, ...slots].toReversed()) {
      const hold = accepted(await stage.supplier.reserve(stage.website, { ...stage.cruise(), availabilityId: id }));
      made.push([id.slice(0, 10), hold.uuid]);
    }
    const found = await pages(stage, '/bookings?from=2026-06-10&to=2026-06-11&', 'bookings', 'before', 2);
    const wanted = made.filter(([day]) => day !== '2026-06-12').sort();
    expect(found.flat().map(({ uuid }) => uuid)).toEqual(wanted.map(([, uuid]) => uuid));
    expect(found.length).toBeGreaterThan(1);
  });

  it('are found, as orders, by their contact', async () => {
    const stage = await openStage(await open());
    const made = await three(stage);
    const found = async (contact: string) =>
      (await answered(200, stage.api('GET', `/orders?contact=${encodeURIComponent(contact)}`))).orders.length;
    expect(await found(guest.emailAddress?.toUpperCase() ?? '')).toBe(made.length);
    expect(await found('nobody@example.com')).toBe(0);
    expect(await found('…')).toBe(0);
  });

  it('end a page early when it is large, and go on from there', async () => {
    const stage = await openStage(await open());
    const notes = 'n'.repeat(9_000);
    const wanted = { ...stage.cruise({ contact: guest }), notes };
    const first = accepted(await stage.supplier.reserve(stage.website, wanted));
    const orders = [first.orderId];
    const definition = await stage.definition('cruise');
    const description = { $text: { en: 'd'.repeat(20_000) } };
    accepted(await stage.supplier.saveProduct(stage.sample.supplierId, { ...definition, description }));
    for (let made = 0; made < 3; made++) {
      stage.clock.now += 1_000;
      const { orderId } = accepted(await stage.supplier.reserve(stage.website, wanted));
      for (let more = 0; more < 29; more++) {
        accepted(await stage.supplier.reserve(stage.website, { ...stage.cruise(), orderId, notes }));
      }
      orders.unshift(orderId);
    }
    const found = await pages(stage, '/orders?', 'orders', 'before', 100);
    expect(found.flat().map(({ id }) => id)).toEqual(orders);
    expect(found.length).toBeGreaterThan(1);
  });

  it.each(['limit=0', 'before=nothing', 'status=GONE', 'from=2026-02-30', 'to=2026-06-01&from=2026-06-02', 'state=x'])(
    'refuse bookings by %s',
    async (query) => {
      const stage = await openStage(await open());
      const { message } = await answered(400, stage.api('GET', `/bookings?${query}`));
      expect(message).toContain(query.split('=')[0]);
    },
  );
});

onEachEngine('every list over /api', (open) => {
  it.each(['orders', 'slots', 'deliveries', 'replays', 'erasures', 'notices', 'reconciliation'])(
    '%s refuses what it cannot be asked for, naming it',
    async (list) => {
      const stage = await openStage(await open());
      const needed = { slots: 'productId=a&optionId=b&from=2026-06-01&to=2026-06-02&', reconciliation: 'from=0&' };
      const query = `${(needed as Record<string, string>)[list] ?? ''}colour=red`;
      expect((await answered(400, stage.api('GET', `/${list}?${query}`))).message).toContain('colour');
    },
  );
});

onEachEngine('slots in a list over /api', (open) => {
  it('are those of the days that are asked for, page by page, in their order', async () => {
    const stage = await openStage(await open());
    const { productId, optionId } = stage.sample.products.cruise;
    const day = new Date(stage.clock.now + 2 * 86_400_000).toISOString().slice(0, 10);
    const end = new Date(stage.clock.now + 92 * 86_400_000).toISOString().slice(0, 10);
    const shown = await stage.supplier.availability(stage.sample.supplierId, {
      ...{ productId, optionId, localDateStart: day, localDateEnd: end },
    });
    const path = `/slots?productId=${productId}&optionId=${optionId}&from=${day}&to=${end}&`;
    const found = await pages(stage, path, 'slots', 'after', 7);
    expect(found.flat().map(({ id }) => id)).toEqual(accepted(shown).map(({ id }) => id));
    expect(found.flat().length).toBeGreaterThan(90);
    const [slot] = found.flat();
    const alone = `/products/${productId}/options/${optionId}/availability/${slot?.id}`;
    expect(slot).toEqual(await answered(200, stage.api('GET', alone)));
  });

  it.each([
    ['from=2026-06-02&to=2026-06-01', 'to'],
    ['from=2026-06-02&to=2028-06-01', 'to'],
    ['from=today&to=2026-06-01', 'from'],
    ['from=2026-06-01&to=2026-06-02&after=1', 'after'],
    ['from=2026-06-01', 'to'],
  ])('are refused for %s, naming what is wrong', async (query, field) => {
    const stage = await openStage(await open());
    const { productId, optionId } = stage.sample.products.cruise;
    const path = `/slots?productId=${productId}&optionId=${optionId}&${query}`;
    expect((await answered(400, stage.api('GET', path))).message).toMatch(new RegExp(`^${field} `));
  });
});
