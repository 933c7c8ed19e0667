import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { onEachEngine } from '../support/databases.ts';
import { type Belongings, foundOtherSupplier, seenByOwner, settleIn } from './parties.ts';
import { type Call, guest, ok, openStage, type Stage } from './stage.ts';

/**
 * What somebody tries with the ids of what is not theirs, and OCTO's error then. `OK`, or nothing: the answer is 200 and has
 * nothing that is another's. `elsewhere` is the outcome for a connection of another supplier, where that differs; null: it is
 * something else there.
 */
interface Attempt {
  readonly path: string;
  readonly body?: unknown;
  readonly outcome?: string;
  readonly elsewhere?: string | null;
}

type Attempts = (theirs: Belongings, mine: Belongings, stage: Stage) => readonly Attempt[];

const june = { localDateStart: '2026-06-10', localDateEnd: '2026-06-10' };
const onBooking =
  (call: string, body?: object): Attempts =>
  ({ uuid }) => [{ path: `/bookings/${uuid}${call}`, body, outcome: 'INVALID_BOOKING_UUID' }];
const onOrder =
  (root: string, call: string, body?: object): Attempts =>
  ({ orderId }) => [{ path: `${root}/${orderId}${call}`, body, outcome: 'INVALID_ORDER_ID' }];
const onWebhook =
  (body?: object): Attempts =>
  ({ webhookId }) => [{ path: `/webhooks/${webhookId}`, body, outcome: 'INVALID_WEBHOOK_ID' }];
const seesOwn =
  (path: string): Attempts =>
  () => [{ path }];
const availability =
  (path: string): Attempts =>
  (_theirs, _mine, { sample: { products } }) => [
    { path, body: { productId: products.cruise.productId, optionId: products.cruise.optionId, ...june } },
    {
      path,
      body: { productId: products.museum.productId, optionId: products.museum.optionId, ...june },
      elsewhere: 'INVALID_PRODUCT_ID',
    },
  ];

/** Every route with what can be tried on it; a route that is not in it fails the test. */
const attempts: Readonly<Record<string, Attempts>> = {
  'GET /whoami': seesOwn('/whoami'),
  'GET /supplier': seesOwn('/supplier'),
  'GET /capabilities': seesOwn('/capabilities'),
  'GET /products': seesOwn('/products'),
  'GET /products/:id': (_theirs, _mine, { sample }) => [
    { path: `/products/${sample.products.museum.productId}`, elsewhere: 'INVALID_PRODUCT_ID' },
    { path: `/products/${sample.products.cruise.productId}` },
  ],
  'POST /availability': availability('/availability'),
  'POST /availability/calendar': availability('/availability/calendar'),
  'POST /bookings': ({ uuid, itemUuid, orderId }, _mine, stage) => {
    const reservation = stage.cruise();
    const unitItems = [{ ...reservation.unitItems[0], uuid: itemUuid }];
    return [
      // Ids are unique within a supplier only: elsewhere the same ones are free.
      { path: '/bookings', body: { ...reservation, uuid }, outcome: 'INVALID_BOOKING_UUID', elsewhere: null },
      { path: '/bookings', body: { ...reservation, unitItems }, outcome: 'INVALID_BOOKING_UUID', elsewhere: null },
      { path: '/bookings', body: { ...reservation, orderId }, outcome: 'INVALID_ORDER_ID' },
    ];
  },
  'GET /bookings': ({ secret, supplierReference }) =>
    [`resellerReference=${secret}`, `supplierReference=${supplierReference}`, 'localDate=2026-06-10'].map((query) => ({
      path: `/bookings?${query}`,
    })),
  'GET /bookings/:uuid': onBooking(''),
  'PATCH /bookings/:uuid': onBooking('', { notes: 'mine now', contact: { emailAddress: 'mine@example.com' } }),
  'DELETE /bookings/:uuid': onBooking('', { force: true }),
  'POST /bookings/:uuid/confirm': onBooking('/confirm', { contact: guest }),
  'POST /bookings/:uuid/extend': onBooking('/extend', { expirationMinutes: 600 }),
  'POST /bookings/:uuid/cancel': onBooking('/cancel', { force: true }),
  ...Object.fromEntries(
    ['/orders', '/order'].flatMap((root): [string, Attempts][] => [
      [
        `POST ${root}`,
        ({ uuid }, _mine, stage) => [
          {
            path: root,
            body: { bookings: [stage.cruise(), { ...stage.cruise(), uuid }] },
            outcome: 'INVALID_BOOKING_UUID',
            elsewhere: null,
          },
        ],
      ],
      [
        `GET ${root}`,
        ({ secret, supplierReference }) =>
          [
            `contactLastName=${secret}`,
            `contactEmailAddress=${secret}@example.com`,
            `supplierReference=${supplierReference.split('-')[0]}`,
            'utcCreatedAtStart=2020-01-01T00:00:00Z',
          ].map((query) => ({ path: `${root}?${query}` })),
      ],
      [`PATCH ${root}/:id`, onOrder(root, '', { contact: guest })],
      [`PATCH ${root}/:id/update`, onOrder(root, '/update', { contact: guest })],
      [`GET ${root}/:id`, onOrder(root, '')],
      [`DELETE ${root}/:id`, onOrder(root, '', { force: true })],
      [`POST ${root}/:id/confirm`, onOrder(root, '/confirm', { contact: guest })],
      [`POST ${root}/:id/extend`, onOrder(root, '/extend', { expirationMinutes: 600 })],
      [`POST ${root}/:id/cancel`, onOrder(root, '/cancel', { force: true })],
    ]),
  ),
  'POST /webhooks': () => [{ path: '/webhooks', body: { event: 'booking_update', url: 'https://mine.example/' } }],
  'GET /webhooks': seesOwn('/webhooks'),
  'GET /webhooks/:id': onWebhook(),
  'PATCH /webhooks/:id': onWebhook({ url: 'https://mine.example/' }),
  'DELETE /webhooks/:id': onWebhook(),
  'GET /events': seesOwn('/events?limit=500'),
  'GET /webhooks/:id/deliveries': ({ webhookId }) => [
    { path: `/webhooks/${webhookId}/deliveries`, outcome: 'INVALID_WEBHOOK_ID' },
  ],
  'POST /webhooks/:id/deliveries/:deliveryId/retry': (theirs, mine) => [
    { path: `/webhooks/${theirs.webhookId}/deliveries/${theirs.deliveryId}/retry`, outcome: 'INVALID_DELIVERY_ID' },
    { path: `/webhooks/${mine.webhookId}/deliveries/${theirs.deliveryId}/retry`, outcome: 'INVALID_DELIVERY_ID' },
  ],
  'POST /webhooks/:id/replay': ({ webhookId }) => [
    { path: `/webhooks/${webhookId}/replay`, body: { from: '2020-01-01T00:00:00Z' }, outcome: 'INVALID_WEBHOOK_ID' },
  ],
  'POST /webhooks/:id/trigger': (theirs, mine) => [
    { path: `/webhooks/${theirs.webhookId}/trigger`, body: { uuid: mine.uuid }, outcome: 'INVALID_WEBHOOK_ID' },
    { path: `/webhooks/${mine.webhookId}/trigger`, body: { uuid: theirs.uuid }, outcome: 'INVALID_BOOKING_UUID' },
    {
      path: `/webhooks/${mine.orderWebhookId}/trigger`,
      body: { orderId: theirs.orderId },
      outcome: 'INVALID_ORDER_ID',
    },
  ],
  ...Object.fromEntries(
    ['/notifications/subscriptions', '/notifications/subcriptions'].flatMap((root): [string, Attempts][] => [
      [
        `POST ${root}`,
        () => [{ path: root, body: { notificationTypes: ['BOOKING_UPDATE'], url: 'https://a.example/' } }],
      ],
      [`GET ${root}`, seesOwn(root)],
      ...['GET', 'PATCH', 'DELETE'].map((method): [string, Attempts] => [
        `${method} ${root}/:id`,
        ({ subscriptionId, webhookId }) =>
          // Subscriptions and webhooks are not each other either.
          [subscriptionId, webhookId].map((id) => ({
            path: `${root}/${id}`,
            body: method === 'PATCH' ? { url: 'https://mine.example/' } : undefined,
            outcome: 'INVALID_SUBSCRIPTION_ID',
          })),
      ]),
    ]),
  ),
  'DELETE /webhooks': ({ webhookUrl }) => [{ path: '/webhooks', body: { url: webhookUrl }, outcome: 'BAD_REQUEST' }],
};

/** What marks an answer as another's, but for what the request itself said. */
function leaked(answer: string, request: string, marks: readonly string[]): string[] {
  return marks.filter((mark) => answer.includes(mark) && !request.includes(mark));
}

async function tryAll(
  stage: Stage,
  { owner, intruder, elsewhere }: { owner: Call; intruder: Call; elsewhere: boolean },
): Promise<void> {
  const theirs = await settleIn(stage, owner, 'SECRET-OF-THE-OWNER');
  const mine = await settleIn(stage, intruder, 'INTRUDER');
  const before = await seenByOwner(owner, theirs);
  const { supplierId } = stage.sample;
  const marks = [
    ...Object.values(theirs),
    ...(elsewhere ? [supplierId, 'Elbe & Lantern', 'Great Harbour Cruise'] : []),
  ];
  for (const route of stage.routes) {
    const [method] = route.split(' ');
    for (const attempt of attempts[route]!(theirs, mine, stage)) {
      const { path, body } = attempt;
      if (elsewhere && attempt.elsewhere === null) continue;
      const outcome = (elsewhere ? attempt.elsewhere : undefined) ?? attempt.outcome ?? 'OK';
      const answer = await intruder(method!, path, body);
      const shown = JSON.stringify(answer.body);
      const what = `${route}: ${shown.slice(0, 200)}`;
      expect([answer.status, answer.body.error ?? 'OK'], what).toEqual([outcome === 'OK' ? 200 : 400, outcome]);
      expect(leaked(shown, `${path} ${JSON.stringify(body)}`, marks), what).toEqual([]);
    }
    expect(await seenByOwner(owner, theirs), route).toEqual(before);
  }
}

onEachEngine('what is not theirs', (open) => {
  test('has a case for every route', async () => {
    const { routes } = await openStage(await open());
    expect(Object.keys(attempts).toSorted()).toEqual([...routes].toSorted());
  });

  test('another connection of the supplier can neither see nor change, over any endpoint', async () => {
    const stage = await openStage(await open());
    await tryAll(stage, { owner: stage.octo.website, intruder: stage.octo.reseller, elsewhere: false });
  });

  test('a connection of another supplier can neither see nor change, over any endpoint', async () => {
    const stage = await openStage(await open());
    await foundOtherSupplier(stage);
    await tryAll(stage, { owner: stage.octo.website, intruder: stage.octo.stranger, elsewhere: true });
  });

  test('what one supplier sells takes no place of another’s, though product and slot have the same ids', async () => {
    const stage = await openStage(await open());
    await foundOtherSupplier(stage);
    const { website, stranger } = stage.octo;
    const { productId, optionId, availabilityId } = stage.cruise();
    const vacancies = async (call: Call) => {
      const slots = await ok(call('POST', '/availability', { productId, optionId, availabilityIds: [availabilityId] }));
      return slots[0].vacancies;
    };
    const free = await vacancies(website);
    expect(await vacancies(stranger)).toBe(free);
    await ok(website('POST', '/bookings', stage.cruise({ adults: 3 })));
    expect([await vacancies(website), await vacancies(stranger)]).toEqual([free - 3, free]);
    await ok(stranger('POST', '/bookings', stage.cruise({ adults: 1 })));
    expect([await vacancies(website), await vacancies(stranger)]).toEqual([free - 3, free - 1]);
  });

  test('two suppliers may have bookings with the same ids, and what is done to one is not done to the other', async () => {
    const stage = await openStage(await open());
    await foundOtherSupplier(stage);
    const { website, stranger } = stage.octo;
    const [item] = stage.cruise().unitItems;
    const request = { ...stage.cruise(), uuid: randomUUID(), unitItems: [{ ...item, uuid: randomUUID() }] };
    const path = `/bookings/${request.uuid}`;
    const [ours, theirs] = [
      await ok(website('POST', '/bookings', request)),
      await ok(stranger('POST', '/bookings', request)),
    ];
    expect(theirs).toMatchObject({ uuid: ours.uuid, unitItems: [{ uuid: ours.unitItems[0].uuid }] });
    expect(theirs.supplierReference).not.toBe(ours.supplierReference);
    await ok(stranger('PATCH', path, { notes: 'theirs' }));
    await ok(stranger('POST', `${path}/confirm`, { contact: guest }));
    expect(await ok(website('GET', path))).toEqual(ours);
    await ok(website('DELETE', path));
    expect(await ok(stranger('GET', path))).toMatchObject({ status: 'CONFIRMED', notes: 'theirs' });
  });
});
