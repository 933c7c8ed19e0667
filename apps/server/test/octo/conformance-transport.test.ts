import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { onEachEngine } from '../support/databases.ts';
import { type Answer, type Call, guest, ok, openStage, refused } from './stage.ts';

/** A route as a call: with an id that nobody has, and without a body. */
function callOf(route: string): { readonly method: string; readonly path: string } {
  const [method = '', template = ''] = route.split(' ');
  return { method, path: template.replace(/:\w+/, randomUUID()) };
}

/** A call of a route that sends nothing, which every route answers. */
const bare = (call: Call, route: string, headers?: Readonly<Record<string, string>>, path = callOf(route).path) =>
  call(callOf(route).method, path, undefined, headers);

/** What an answer says, but for the words and the ids in it. */
const gist = ({ status, body }: Answer) => ({ status, error: body.error, keys: Object.keys(body).length });

onEachEngine('how OCTO is spoken, on every route', (open) => {
  test('an answer is 200, or 400 with OCTO’s error: never 201, 404, a redirect or a fault', async () => {
    const { octo, routes, faults } = await openStage(await open());
    expect(routes.length).toBeGreaterThan(20);
    for (const route of routes) {
      const { status, body } = await bare(octo.website, route);
      expect([200, 400], route).toContain(status);
      if (status === 400) expect(body, route).toMatchObject({ error: expect.stringMatching(/^[A-Z_]+$/) });
    }
    expect(faults).toEqual([]);
  });

  test('a slash at the end of the path makes no difference', async () => {
    const { octo, routes } = await openStage(await open());
    for (const route of routes) {
      const { path } = callOf(route);
      const [plain, slashed] = [
        await bare(octo.website, route, {}, path),
        await bare(octo.website, route, {}, `${path}/`),
      ];
      expect(gist(slashed), route).toEqual(gist(plain));
      expect(JSON.stringify(slashed.body), route).not.toContain('there is no');
    }
  });

  test('a GET that says which type its absent body has is answered as without', async () => {
    const { octo, request, routes } = await openStage(await open());
    for (const route of routes.filter((each) => each.startsWith('GET '))) {
      const { path } = callOf(route);
      const headers = { authorization: 'Bearer key-of-the-website' };
      const plain = await request(`/octo${path}`, { headers });
      const typed = await bare(octo.website, route, { 'content-type': 'application/json' }, path);
      expect([typed.status, typed.body], route).toEqual([plain.status, await plain.json()]);
    }
  });

  test('a method that a path does not have is BAD_REQUEST', async () => {
    const { octo, routes } = await openStage(await open());
    const paths = new Set(routes.map((route) => route.split(' ')[1]));
    for (const template of paths) {
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
        if (routes.includes(`${method} ${template}`)) continue;
        await refused(bare(octo.website, `${method} ${template}`), 'BAD_REQUEST');
      }
    }
  });

  test('says in headers which capabilities, language and environment it is in, also of a refusal', async () => {
    const { octo, routes } = await openStage(await open());
    const wishes = { 'octo-capabilities': 'pricing', 'accept-language': 'de', 'octo-env': 'test' };
    for (const route of routes) {
      const { headers } = await bare(octo.website, route, wishes);
      const shown = Object.fromEntries(
        ['content-type', 'octo-env', 'content-language', 'available-languages', 'octo-available-languages'].map(
          (name) => [name, headers.get(name)],
        ),
      );
      expect(shown, route).toEqual({
        'content-type': expect.stringMatching(/^application\/json/),
        'octo-env': 'test',
        'content-language': 'de',
        'available-languages': 'en, de, es',
        'octo-available-languages': 'en, de, es',
      });
      // Orders are not shown without octo/cart: calls about them have it unasked.
      expect(['pricing', 'pricing, octo/cart'], route).toContain(headers.get('octo-capabilities'));
    }
  });

  test('knows nobody without a key, and refuses a key that is nobody’s', async () => {
    const { octo, request, routes } = await openStage(await open());
    for (const route of routes) {
      const { method, path } = callOf(route);
      const answer = await request(`/octo${path}`, { method });
      expect([answer.status, await answer.json()], route).toMatchObject([401, { error: 'UNAUTHORIZED' }]);
    }
    expect(await bare(octo.stranger, routes[0]!)).toMatchObject({ status: 403, body: { error: 'FORBIDDEN' } });
  });
});

onEachEngine('how OCTO is spoken', (open) => {
  test.each([
    ['octo/pricing', 'octo/pricing'],
    ['pricing', 'pricing'],
    ['  pricing ,octo/content', 'pricing, octo/content'],
    ['octo/unknown, content, ,', 'content'],
    ['', ''],
  ])('capabilities may be written %j: the answer says %j, and has the fields of the same', async (asked, echoed) => {
    const { octo } = await openStage(await open());
    const answer = await octo.website('GET', '/products', undefined, { 'octo-capabilities': asked });
    expect(answer.headers.get('octo-capabilities')).toBe(echoed);
    const [product] = answer.body;
    expect('defaultCurrency' in product).toBe(asked.includes('pricing'));
    expect('title' in product).toBe(asked.includes('content'));
  });

  test('the header of capabilities may be missing: that is none', async () => {
    const { octo } = await openStage(await open());
    const [plain] = await ok(octo.website('GET', '/products'));
    const [empty] = await ok(octo.website('GET', '/products', undefined, { 'octo-capabilities': '' }));
    expect(plain).toEqual(empty);
  });

  test('null stands for what is not given, wherever OCTO lets it', async () => {
    const stage = await openStage(await open());
    const nothing = Object.fromEntries(Object.keys(guest).map((key) => [key, null]));
    const contact = { ...nothing, fullName: null, phoneNumber: null, postalCode: null, country: null, notes: null };
    const [first, ...others] = stage.cruise().unitItems;
    const request = {
      ...stage.cruise(),
      unitItems: [{ ...first, uuid: null, resellerReference: null, contact }, ...others],
      uuid: null,
      notes: null,
      resellerReference: null,
      currency: null,
      expirationMinutes: null,
      contact,
    };
    const [given, plain] = [
      await ok(stage.octo.website('POST', '/bookings', request)),
      await ok(stage.octo.website('POST', '/bookings', stage.cruise())),
    ];
    const without = (booking: Answer['body']) => {
      const { id, uuid, supplierReference, unitItems, ...rest } = booking;
      return {
        ...rest,
        unitItems: unitItems.map(({ uuid: _, supplierReference: __, ...item }: Answer['body']) => item),
      };
    };
    expect(without(given)).toEqual(without(plain));
    const path = `/bookings/${given.uuid}`;
    await ok(stage.octo.website('POST', `${path}/confirm`, { contact: { ...contact, ...guest }, notes: null }));
    await ok(stage.octo.website('POST', `${path}/cancel`, { reason: null, force: null }));
  });

  test('uuids come back in lower case, however they were written', async () => {
    const stage = await openStage(await open());
    const uuid = randomUUID();
    const item = randomUUID();
    const unitItems = [{ ...stage.cruise().unitItems[0], uuid: item.toUpperCase() }];
    const request = { ...stage.cruise(), uuid: uuid.toUpperCase(), unitItems };
    const booking = await ok(stage.octo.website('POST', '/bookings', request));
    expect([booking.uuid, booking.unitItems[0].uuid]).toEqual([uuid, item]);
    expect(await ok(stage.octo.website('GET', `/bookings/${uuid.toUpperCase()}`))).toEqual(booking);
  });

  test('opening hours have no start times, a slot all day long, and hours in calendar, availability and booking', async () => {
    const stage = await openStage(await open());
    const { productId, optionId, units } = stage.sample.products.museum;
    const product = await ok(stage.octo.website('GET', `/products/${productId}`));
    expect(product).toMatchObject({
      availabilityType: 'OPENING_HOURS',
      options: [{ availabilityLocalStartTimes: [] }],
    });
    const june = { productId, optionId, localDateStart: '2026-06-10', localDateEnd: '2026-06-11' };
    const hours = [[{ from: '09:00', to: '18:00' }], [{ from: '09:00', to: '21:00' }]];
    const days = await ok(stage.octo.website('POST', '/availability/calendar', june));
    const slots = await ok(stage.octo.website('POST', '/availability', june));
    for (const list of [days, slots]) expect(list.map((each: Answer['body']) => each.openingHours)).toEqual(hours);
    expect(slots.map((slot: Answer['body']) => slot.allDay)).toEqual([true, true]);
    const request = { productId, optionId, availabilityId: slots[0].id, unitItems: [{ unitId: units.ADULT }] };
    const { availability, voucher, unitItems } = await ok(stage.octo.website('POST', '/bookings', request));
    expect(availability).toMatchObject({ id: slots[0].id, allDay: true, openingHours: hours[0] });
    // Its delivery method is TICKET: the tickets are there from the start, and no voucher.
    expect([voucher, unitItems[0].ticket]).toEqual([null, expect.objectContaining({ deliveryOptions: [] })]);
  });
});
