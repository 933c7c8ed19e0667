import { diff, type Json, type JsonObject } from '@carillon/diff';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { emailTypeOf } from './email-type.ts';
import type { Occasion } from './occasion.ts';
import { occasionsOf } from './occasions.ts';
import type { BookingPayload, Payload } from './payload.ts';

const start = { title: 'Pier 4', types: ['START'], place: { latitude: 41.1, longitude: -8.6 } };
const stop = { title: 'Old bridge', types: ['ITINERARY_ITEM'], place: { latitude: 41.2, longitude: -8.7 } };
const unitItem = (uuid: string, unitId = 'adult') => ({
  uuid,
  unitId,
  status: 'CONFIRMED',
  utcRedeemedAt: null,
  resellerReference: null,
  ticket: { utcRedeemedAt: null, deliveryOptions: [{ deliveryFormat: 'QRCODE', deliveryValue: `T-${uuid}` }] },
});

const booking = {
  uuid: 'b1',
  status: 'CONFIRMED',
  utcUpdatedAt: '2026-05-01T10:00:00Z',
  utcRedeemedAt: null,
  resellerReference: null,
  supplierReference: 'HT-1',
  notes: null,
  productId: 'cruise',
  product: { id: 'cruise', title: 'Harbour cruise', locations: [start, stop] },
  optionId: 'default',
  option: { id: 'default', title: 'Morning', locations: [] },
  availabilityId: '2026-06-01T10:00:00+01:00',
  availability: {
    id: '2026-06-01T10:00:00+01:00',
    localDateTimeStart: '2026-06-01T10:00:00+01:00',
    localDateTimeEnd: '2026-06-01T12:00:00+01:00',
    openingHours: [],
    vacancies: null,
  },
  contact: { fullName: 'Ada', emailAddress: 'ada@example.com' },
  voucher: { utcRedeemedAt: null, deliveryOptions: [{ deliveryFormat: 'PDF_URL', deliveryValue: 'https://x/1' }] },
  unitItems: [unitItem('u1'), unitItem('u2', 'child')],
  pickupRequested: false,
  pickupPoint: null,
  pricing: { retail: 5000 },
} satisfies JsonObject;

type Changes = { readonly [Field in keyof typeof booking]?: Json };

function payload(before: Json, after: JsonObject): BookingPayload {
  return { booking: after as unknown as BookingPayload['booking'], diff: diff(before, after) };
}
const change = (changes: Changes, before: Changes = {}): BookingPayload =>
  payload({ ...booking, ...before }, { ...booking, ...before, ...changes });
const told = (news: Payload): Occasion[] => occasionsOf(news).occasions.map(({ occasion }) => occasion);

const slot = '2026-06-02T10:00:00+01:00';
const otherSlot: Changes = {
  availabilityId: slot,
  availability: {
    ...booking.availability,
    id: slot,
    localDateTimeStart: slot,
    localDateTimeEnd: '2026-06-02T12:00:00+01:00',
  },
};

describe('a change of status', () => {
  test.each<[string, string, Occasion[], string]>([
    ['ON_HOLD', 'CONFIRMED', ['confirmed'], 'confirmation'],
    ['PENDING', 'CONFIRMED', ['confirmed'], 'confirmation'],
    ['CANCELLED', 'CONFIRMED', ['confirmed'], 'confirmation'],
    ['EXPIRED', 'CONFIRMED', ['confirmed'], 'confirmation'],
    ['REDEEMED', 'CONFIRMED', [], 'confirmation'],
    ['NOSHOW', 'CONFIRMED', [], 'confirmation'],
    ['CONFIRMED', 'CANCELLED', ['cancelled'], 'cancellation'],
    ['PENDING', 'CANCELLED', ['cancelled'], 'cancellation'],
    ['NOSHOW', 'CANCELLED', ['cancelled'], 'cancellation'],
    ['ON_HOLD', 'CANCELLED', [], 'cancellation'],
    ['EXPIRED', 'CANCELLED', [], 'cancellation'],
    ['ON_HOLD', 'EXPIRED', ['expired'], 'recovery'],
    ['CONFIRMED', 'EXPIRED', [], 'recovery'],
    ['PENDING', 'REJECTED', ['cancelled'], 'none'],
    ['ON_HOLD', 'PENDING', [], 'none'],
    ['CONFIRMED', 'REDEEMED', [], 'none'],
    ['CONFIRMED', 'NOSHOW', [], 'none'],
  ])('%s → %s means %j to the guest, where the rules say %s', (from, to, occasions, type) => {
    const news = change({ status: to, utcUpdatedAt: '2026-05-02T10:00:00Z' }, { status: from });
    expect(told(news)).toEqual(occasions);
    expect(emailTypeOf(news)).toBe(type);
  });

  test('takes in what else changed in the same call', () => {
    expect(told(change({ status: 'CONFIRMED', unitItems: [unitItem('u1')] }, { status: 'ON_HOLD' }))).toEqual([
      'confirmed',
    ]);
    expect(told(change({ status: 'CANCELLED', ...otherSlot }))).toEqual(['cancelled']);
  });

  test('a booking that is new is confirmed or expired, but never cancelled', () => {
    expect(told(payload({}, booking))).toEqual(['confirmed']);
    expect(told(payload({}, { ...booking, status: 'EXPIRED' }))).toEqual(['expired']);
    expect(told(payload({}, { ...booking, status: 'CANCELLED' }))).toEqual([]);
  });

  test('a redemption that is taken back with a new slot is a reschedule', () => {
    expect(told(change({ status: 'CONFIRMED', ...otherSlot }, { status: 'REDEEMED' }))).toEqual(['rescheduled']);
  });
});

describe('a confirmed booking that changes', () => {
  test.each<[string, Changes, Occasion[]]>([
    ['another slot', otherSlot, ['rescheduled']],
    [
      'the slot that starts at another time',
      { availability: { ...booking.availability, localDateTimeStart: '2026-06-01T11:00:00+01:00' } },
      ['rescheduled'],
    ],
    [
      'the slot that ends at another time',
      { availability: { ...booking.availability, localDateTimeEnd: '2026-06-01T12:30:00+01:00' } },
      ['updated'],
    ],
    ['another slot and fewer units', { ...otherSlot, unitItems: [unitItem('u1')] }, ['rescheduled', 'updated']],
    ['a unit less', { unitItems: [unitItem('u1')] }, ['updated']],
    ['a unit more', { unitItems: [...booking.unitItems, unitItem('u3')] }, ['updated']],
    [
      'a unit of another kind in the place of one',
      { unitItems: [unitItem('u1'), unitItem('u3', 'adult')] },
      ['updated'],
    ],
    ['a unit of another kind', { unitItems: [unitItem('u1'), unitItem('u2', 'adult')] }, ['updated']],
    [
      'a unit that is cancelled',
      { unitItems: [unitItem('u1'), { ...unitItem('u2', 'child'), status: 'CANCELLED' }] },
      ['updated'],
    ],
    ['another product', { productId: 'walk', product: { id: 'walk', title: 'Walk', locations: [stop] } }, ['updated']],
    ['another option', { optionId: 'late', option: { id: 'late', title: 'Late', locations: [] } }, ['updated']],
    ['a pickup', { pickupRequested: true, pickupPoint: { id: 'hotel' } }, ['updated']],
    [
      'another meeting point',
      { product: { ...booking.product, locations: [{ ...start, title: 'Pier 5' }, stop] } },
      ['updated'],
    ],
    ['a meeting point', { option: { ...booking.option, locations: [start] } }, ['updated']],
    [
      'a stop that becomes the meeting point',
      { product: { ...booking.product, locations: [start, { ...stop, types: ['START'] }] } },
      ['updated'],
    ],
  ])('%s', (_what, changes, occasions) => {
    expect(told(change(changes))).toEqual(occasions);
  });

  test('units that only stand in another order are no news', () => {
    expect(told(change({ unitItems: [...booking.unitItems].reverse() }))).toEqual([]);
  });

  test('new units of the same kinds in the place of the old are no news', () => {
    expect(told(change({ unitItems: [unitItem('u9', 'child'), unitItem('u8')] }))).toEqual([]);
    const replaced = [unitItem('u1'), { ...unitItem('u2', 'child'), status: 'CANCELLED' }, unitItem('u3', 'child')];
    expect(told(change({ unitItems: replaced }))).toEqual([]);
  });

  test('a position of the meeting point that is mended is no news, the way to it is', () => {
    const mended = { ...start, place: { ...start.place, latitude: 41.11 } };
    expect(told(change({ product: { ...booking.product, locations: [mended, stop] } }))).toEqual([]);
    const described = { ...start, shortDescription: 'Look for the blue flag' };
    expect(told(change({ product: { ...booking.product, locations: [described, stop] } }))).toEqual(['updated']);
  });

  test('a stop on the way that changes is no news', () => {
    expect(
      told(change({ product: { ...booking.product, locations: [start, { ...stop, title: 'New bridge' }] } })),
    ).toEqual([]);
  });

  test('a meeting point of Ventrata’s is one', () => {
    const diff = [{ op: 'replace', was: 'Pier 4', path: '/availability/meetingPoint', value: 'Pier 5' }];
    expect(told({ booking: { status: 'CONFIRMED' }, diff })).toEqual(['updated']);
  });

  describe('of a visit with opening hours', () => {
    const day = (date: string, changes: JsonObject = {}): Changes => ({
      availabilityId: date,
      availability: {
        ...booking.availability,
        id: date,
        allDay: true,
        localDateTimeStart: `${date}T00:00:00+01:00`,
        localDateTimeEnd: `${date}T23:59:59+01:00`,
        openingHours: [{ from: '09:00', to: '17:00' }],
        ...changes,
      },
    });
    test.each<[string, Changes, Occasion[]]>([
      ['on another day is a reschedule', day('2026-06-02'), ['rescheduled']],
      [
        'on the same day, with other hours, is an update',
        day('2026-06-01', { openingHours: [{ from: '10:00', to: '17:00' }] }),
        ['updated'],
      ],
      [
        'whose slot ends or begins at another time of that day is no news',
        day('2026-06-01', {
          localDateTimeStart: '2026-06-01T09:00:00+01:00',
          localDateTimeEnd: '2026-06-01T17:00:00+01:00',
        }),
        [],
      ],
    ])('one %s', (_what, changes, occasions) => {
      expect(told(change(changes, day('2026-06-01')))).toEqual(occasions);
    });
  });

  test('a booking that is not confirmed has no updates', () => {
    expect(told(change(otherSlot, { status: 'ON_HOLD' }))).toEqual([]);
    expect(told(change({ unitItems: [] }, { status: 'REDEEMED' }))).toEqual([]);
  });
});

/** One change each of what is no news to a guest. */
const noise: readonly Changes[] = [
  { utcUpdatedAt: '2026-05-09T10:00:00Z' },
  { utcRedeemedAt: '2026-06-01T10:00:00Z' },
  { notes: 'window seat' },
  { resellerReference: 'R-77' },
  { supplierReference: 'HT-2' },
  { contact: { fullName: 'Ada L.', emailAddress: 'ada@example.org' } },
  { pricing: { retail: 4000 } },
  {
    voucher: {
      utcRedeemedAt: '2026-06-01',
      deliveryOptions: [{ deliveryFormat: 'PDF_URL', deliveryValue: 'https://x/2' }],
    },
  },
  { voucher: { utcRedeemedAt: null, deliveryOptions: [] } },
  { product: { ...booking.product, title: 'The harbour cruise' } },
  { option: { ...booking.option, title: 'The morning' } },
  { availability: { ...booking.availability, vacancies: 3 } },
  { unitItems: booking.unitItems.map((item) => ({ ...item, utcRedeemedAt: '2026-06-01', status: 'REDEEMED' })) },
  { unitItems: booking.unitItems.map((item) => ({ ...item, resellerReference: 'R-1', ticket: null })) },
];
const runs = { numRuns: 200 * Number(process.env.CARILLON_TEST_SCALE ?? 1) };

test('noise, alone or together, is no news, and the reason is told', () => {
  fc.assert(
    fc.property(fc.subarray([...noise], { minLength: 1 }), (changes) => {
      const news = change(Object.assign({}, ...changes));
      const { occasions, difference } = occasionsOf(news);
      expect(occasions).toEqual([]);
      if (news.diff.length > 0) expect(difference).toMatch(/^Nothing changed that concerns the guest, only: /);
    }),
    runs,
  );
});

const typeOf: Partial<Record<Occasion, string>> = {
  confirmed: 'confirmation',
  cancelled: 'cancellation',
  rescheduled: 'update',
  updated: 'update',
  expired: 'recovery',
};

test('any payload has a meaning, and a reason exactly where it is not what the four rules say', () => {
  const status = fc.constantFrom(
    'ON_HOLD',
    'CONFIRMED',
    'EXPIRED',
    'CANCELLED',
    'REDEEMED',
    'PENDING',
    'REJECTED',
    'UPGRADED',
  );
  const pointer = fc.oneof(
    fc.constantFrom(
      '',
      '/',
      '/status',
      '/unitItems',
      '/unitItems/0',
      '/unitItems/0/unitId',
      '/option/locations/0/title',
    ),
    fc.constantFrom('/availability', '/availabilityId', '/productId', '/notes', '/product/locations', '/~2'),
    fc.string(),
  );
  const value = fc.option(fc.oneof(status, fc.jsonValue()), { nil: undefined }) as fc.Arbitrary<Json | undefined>;
  const operation = fc.record({
    op: fc.constantFrom('add', 'remove', 'replace', 'move'),
    path: pointer,
    was: value,
    value,
  });
  fc.assert(
    fc.property(status, fc.jsonValue(), fc.array(operation), (is, rest, diff) => {
      const news = { booking: { ...(rest as object), status: is }, diff };
      const { emailType, occasions, difference } = occasionsOf(news);
      expect(emailType).toBe(emailTypeOf(news));
      const types = new Set(occasions.map(({ occasion }) => typeOf[occasion]));
      expect([...types]).toEqual(difference === null ? (emailType === 'none' ? [] : [emailType]) : [...types]);
      if (difference !== null) expect(types.has(emailType)).toBe(false);
    }),
    runs,
  );
});

test('an order means what its own diff says, products and availability mean nothing to a guest', () => {
  const diff = [{ op: 'remove', was: booking, path: '/bookings/0' }];
  expect(told({ order: { status: 'CONFIRMED' }, diff })).toEqual(['tickets_changed']);
  expect(told({ product: { id: 'cruise' }, diff })).toEqual([]);
  expect(told({ availability: { id: 'slot' }, diff })).toEqual([]);
});

test.each<[string, Changes]>([
  ['units', { unitItems: [unitItem('u1')] }],
  ['pickup', { pickupRequested: true }],
  ['option', { optionId: 'evening' }],
  ['product', { productId: 'museum' }],
])('an update tells that the %s changed, and nothing else', (part, changes) => {
  expect(occasionsOf(change(changes)).occasions).toMatchObject([{ occasion: 'updated', parts: [part] }]);
});
