import type { Answer } from './stage.ts';

/** Calls the API as the validator does. */
export type Ask = (method: string, path: string, body?: unknown) => Promise<Pick<Answer, 'status' | 'body'>>;

type Shown = Answer['body'];

const dayMs = 86_400_000;
const lowerUuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const cutoff = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
const withOffset = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)$/;
const unknownUuid = 'invalidUUID';

const contact = {
  fullName: 'John Doe',
  firstName: 'John',
  lastName: 'Doe',
  emailAddress: 'john.doe@example.com',
  phoneNumber: '+12345678901',
  locales: ['en'],
  country: 'GB',
  notes: 'Test contact',
};

/** Notes what is wrong: a check's name and where it failed. */
type Note = (ok: boolean, what: string) => void;

const filled = (value: unknown) => typeof value === 'string' && value !== '';
const has = (object: Shown, keys: readonly string[]) => keys.every((key) => object?.[key] !== undefined);

function checkProduct(product: Shown, note: Note): void {
  for (const key of ['id', 'internalName', 'locale', 'timeZone']) note(filled(product[key]), `product.${key}`);
  for (const key of ['options', 'deliveryFormats', 'deliveryMethods']) note(product[key]?.length > 0, `product.${key}`);
  const startTime = product.availabilityType === 'START_TIME';
  for (const option of product.options) {
    note(filled(option.id) && filled(option.internalName) && filled(option.cancellationCutoff), 'option texts');
    const times: string[] = option.availabilityLocalStartTimes;
    note(startTime ? times.length > 0 && times.every((time) => /^\d\d:\d\d$/.test(time)) : times.length === 0, 'times');
    note(Number.isInteger(option.restrictions.minUnits), 'option.restrictions.minUnits');
    note(option.restrictions.maxUnits !== undefined, 'option.restrictions.maxUnits');
    for (const { id, restrictions } of option.units) {
      note(filled(id) && Number.isInteger(restrictions.minAge) && Number.isInteger(restrictions.maxAge), 'unit');
    }
  }
}

function checkSlot(slot: Shown, product: Shown, note: Note): void {
  const openingHours = product.availabilityType === 'OPENING_HOURS';
  note(has(slot, ['id', 'vacancies', 'capacity', 'maxUnits', 'available', 'status']), 'availability keys');
  note(withOffset.test(slot.localDateTimeStart) && withOffset.test(slot.localDateTimeEnd), 'availability times');
  note(cutoff.test(slot.utcCutoffAt), 'availability.utcCutoffAt');
  note(slot.allDay === openingHours, 'availability.allDay');
  note(!openingHours || slot.openingHours.length > 0, 'availability.openingHours');
}

const contactKeys = ['fullName', 'firstName', 'lastName', 'emailAddress', 'phoneNumber', 'country', 'notes'];

function checkContact(given: Shown, note: Note): void {
  note(has(given, contactKeys) && Array.isArray(given.locales), 'contact keys');
}

function checkTicket(ticket: Shown, expected: boolean, note: Note): void {
  if (expected) note(filled(ticket?.redemptionMethod) && Array.isArray(ticket?.deliveryOptions), 'ticket');
  else note(ticket === null, 'ticket that is not of the delivery methods');
}

const bookingKeys = [
  'id',
  'testMode',
  'resellerReference',
  'supplierReference',
  'utcCreatedAt',
  'utcUpdatedAt',
  'utcExpiresAt',
  'utcRedeemedAt',
  'utcConfirmedAt',
  'cancellable',
  'cancellation',
  'freesale',
  'notes',
];

function checkBooking(booking: Shown, expected: { status: string; request: Shown; product: Shown }, note: Note): void {
  const { status, request, product } = expected;
  note(has(booking, bookingKeys), 'booking keys');
  note(lowerUuid.test(booking.uuid), 'booking.uuid');
  note(booking.status === status, `booking.status ${booking.status}`);
  for (const key of ['productId', 'optionId', 'availabilityId']) note(booking[key] === request[key], `booking.${key}`);
  checkSlot(booking.availability, product, note);
  checkProduct(booking.product, note);
  checkContact(booking.contact, note);
  note(JSON.stringify(booking.deliveryMethods) === JSON.stringify(product.deliveryMethods), 'deliveryMethods');
  checkTicket(booking.voucher, product.deliveryMethods.includes('VOUCHER'), note);
  note(booking.unitItems.length === request.unitItems.length, 'unitItems');
  note(new Set(booking.unitItems.map((item: Shown) => item.uuid)).size === booking.unitItems.length, 'item uuids');
  for (const item of booking.unitItems) {
    note(lowerUuid.test(item.uuid) && item.status === status, 'unitItem');
    note(has(item, ['resellerReference', 'supplierReference', 'utcRedeemedAt']), 'unitItem keys');
    checkContact(item.contact, note);
    checkTicket(item.ticket, product.deliveryMethods.includes('TICKET'), note);
  }
  note((booking.utcConfirmedAt !== null) === (status === 'CONFIRMED'), 'utcConfirmedAt');
  note((booking.utcExpiresAt !== null) === (status === 'ON_HOLD'), 'utcExpiresAt');
  note(status === 'CANCELLED' ? filled(booking.cancellation?.refund) : booking.cancellation === null, 'cancellation');
}

/** What the validator works with: a product, the slots of it that are available, and one that is sold out. */
interface Found {
  readonly product: Shown;
  readonly slots: readonly Shown[];
  readonly soldOut: Shown | undefined;
}

async function look(ask: Ask, product: Shown, note: Note): Promise<Found> {
  const [localDateStart, localDateEnd] = [0, 30].map((days) =>
    new Date(Date.now() + days * dayMs).toISOString().slice(0, 10),
  );
  const range = { productId: product.id, optionId: product.options[0].id, localDateStart, localDateEnd };
  const calendar = (await ask('POST', '/availability/calendar', range)).body;
  note(calendar.length === 31, 'calendar days');
  for (const day of calendar) {
    note(has(day, ['localDate', 'available', 'status', 'vacancies', 'capacity']), 'calendar keys');
    note(product.availabilityType !== 'OPENING_HOURS' || day.openingHours.length > 0, 'calendar openingHours');
  }
  const slots: Shown[] = (await ask('POST', '/availability', range)).body;
  for (const slot of slots) checkSlot(slot, product, note);
  const byIds = (await ask('POST', '/availability', { ...ids(range), availabilityIds: [slots[0]?.id] })).body;
  note(JSON.stringify(byIds) === JSON.stringify(slots.slice(0, 1)), 'availability by id');
  const refusedRanges = [
    { ...ids(range), localDateEnd },
    { ...range, availabilityIds: [slots[0]?.id] },
    { ...ids(range) },
  ];
  for (const body of refusedRanges) note((await ask('POST', '/availability', body)).status === 400, 'bad range');
  return {
    product,
    slots: slots.filter((slot) => slot.available),
    soldOut: slots.find((slot) => slot.status === 'SOLD_OUT'),
  };
}

const ids = ({ productId, optionId }: Shown) => ({ productId, optionId });

/** A reservation of so many of the first unit, for an available slot. */
function reservation({ product, slots }: Found, quantity: number, slot = slots[0]): Shown {
  const [option] = product.options;
  const unitItems = Array.from({ length: quantity }, () => ({ unitId: option.units[0].id }));
  return { productId: product.id, optionId: option.id, availabilityId: slot?.id, unitItems, notes: 'Test note' };
}

/**
 * What OCTO's validator does with a supplier, as it was seen to do it through a proxy: fifteen reservations of one slot, of which
 * two are cancelled, twelve of as many units as the option and its seed make it, three of two, two of which become three. Gives
 * what it would have complained of, of any severity.
 */
export async function runValidator(ask: Ask): Promise<string[]> {
  const problems: string[] = [];
  let scenario = 'Products';
  const note: Note = (ok, what) => void (ok || problems.push(`${scenario}: ${what}`));
  const succeeded = async (answer: ReturnType<Ask>): Promise<Shown> => {
    const { status, body } = await answer;
    // A created booking is 200 and not 201, which fails the whole scenario.
    note(status === 200, `status ${status} ${JSON.stringify(body).slice(0, 200)}`);
    return body;
  };
  const failed = async (answer: ReturnType<Ask>, code: string, id?: string) => {
    const { status, body } = await answer;
    note(status === 400 && body.error === code && filled(body.errorMessage), `${code}, not ${status} ${body.error}`);
    if (id !== undefined) note(typeof body[id] === 'string', `${code}.${id}`);
  };

  const supplier = await succeeded(ask('GET', '/supplier'));
  note(filled(supplier.id) && filled(supplier.name) && filled(supplier.endpoint), 'supplier');
  note(has(supplier.contact, ['website', 'email', 'telephone', 'address']), 'supplier.contact');
  const products: Shown[] = await succeeded(ask('GET', '/products'));
  note(products.length > 0, 'products');
  for (const product of products) {
    checkProduct(product, note);
    note((await succeeded(ask('GET', `/products/${product.id}`))).id === product.id, 'product by id');
  }
  for (const type of ['START_TIME', 'OPENING_HOURS']) {
    note(
      products.some(({ availabilityType }) => availabilityType === type),
      `no product of ${type}`,
    );
  }
  await failed(ask('GET', '/products/invalidProductId'), 'INVALID_PRODUCT_ID', 'productId');

  scenario = 'Availability';
  const found = await Promise.all(products.map((product) => look(ask, product, note)));
  const [first, other] = [
    found.find(({ product, slots }) => product.availabilityType === 'START_TIME' && slots.length > 1),
    found.findLast(({ slots }) => slots.length > 1),
  ];
  const soldOut = found.find((each) => each.soldOut !== undefined);
  if (first === undefined || other === undefined || other === first || soldOut === undefined) {
    return [...problems, 'Availability: too little to book'];
  }
  const { restrictions } = first.product.options[0];
  note((restrictions.maxUnits ?? 3) >= 3, 'maxUnits');
  const quantity = Math.min(restrictions.maxUnits ?? 5, 5);
  const { product } = first;
  const reserve = async (units = quantity) => {
    const request = reservation(first, units);
    const booking = await succeeded(ask('POST', '/bookings', { ...request, resellerReference: 'RESELLERREF#1' }));
    checkBooking(booking, { status: 'ON_HOLD', request, product }, note);
    return { request, booking, path: `/bookings/${booking.uuid}` };
  };
  const confirm = async (path: string, request: Shown, body: object = {}) => {
    const booking = await succeeded(ask('POST', `${path}/confirm`, { contact, ...body }));
    checkBooking(booking, { status: 'CONFIRMED', request, product }, note);
    for (const key of ['firstName', 'lastName', 'fullName', 'emailAddress', 'notes'] as const) {
      note(booking.contact[key] === contact[key], `contact.${key}`);
    }
    return booking;
  };

  scenario = 'Booking Reservation';
  await reserve();
  const base = reservation(first, quantity);
  await failed(ask('POST', '/bookings', { ...base, productId: 'x' }), 'INVALID_PRODUCT_ID', 'productId');
  await failed(ask('POST', '/bookings', { ...base, optionId: 'x' }), 'INVALID_OPTION_ID', 'optionId');
  await failed(ask('POST', '/bookings', { ...base, availabilityId: 'x' }), 'INVALID_AVAILABILITY_ID', 'availabilityId');
  await failed(ask('POST', '/bookings', { ...base, unitItems: [{ unitId: 'x' }] }), 'INVALID_UNIT_ID', 'unitId');
  await failed(ask('POST', '/bookings', { ...base, unitItems: [] }), 'UNPROCESSABLE_ENTITY');
  await failed(ask('POST', '/bookings', { ...base, unitItems: undefined }), 'UNPROCESSABLE_ENTITY');
  const full = reservation(soldOut, 1, soldOut.soldOut);
  await failed(ask('POST', '/bookings', full), 'UNPROCESSABLE_ENTITY');

  scenario = 'Booking Confirmation';
  const confirmed = await reserve();
  await failed(
    ask('POST', `${confirmed.path}/confirm`, { contact, unitItems: [{ unitId: 'x' }] }),
    'INVALID_UNIT_ID',
    'unitId',
  );
  await confirm(confirmed.path, confirmed.request);
  const referred = await reserve();
  const { resellerReference } = await confirm(referred.path, referred.request, { resellerReference: 'RESELLERREF#2' });
  note(resellerReference === 'RESELLERREF#2', 'resellerReference');
  const more = await reserve(2);
  const three = reservation(first, 3);
  await confirm(more.path, three, { unitItems: three.unitItems });
  await failed(ask('POST', `/bookings/${unknownUuid}/confirm`, { contact }), 'INVALID_BOOKING_UUID', 'uuid');

  scenario = 'Booking Update';
  const dates = await reserve();
  const later = reservation(first, quantity, first.slots[1]);
  const moved = await succeeded(ask('PATCH', dates.path, { availabilityId: later.availabilityId }));
  checkBooking(moved, { status: 'ON_HOLD', request: later, product }, note);
  const units = await reserve(2);
  const grown = await succeeded(ask('PATCH', units.path, { unitItems: three.unitItems }));
  checkBooking(grown, { status: 'ON_HOLD', request: three, product }, note);
  const described = await reserve();
  const told = await succeeded(ask('PATCH', described.path, { contact, notes: 'Another note' }));
  note(told.contact.fullName === contact.fullName && told.notes === 'Another note', 'contact');
  const changing = await reserve(2);
  const elsewhere = reservation(other, 2);
  const { notes: _, ...change } = elsewhere;
  const changed = await succeeded(ask('PATCH', changing.path, change));
  checkBooking(changed, { status: 'ON_HOLD', request: elsewhere, product: other.product }, note);
  note(changed.uuid === changing.booking.uuid, 'uuid');
  await failed(ask('PATCH', `/bookings/${unknownUuid}`, { notes: 'x' }), 'INVALID_BOOKING_UUID', 'uuid');

  scenario = 'Booking Extend';
  const extended = await reserve();
  const longer = await succeeded(ask('POST', `${extended.path}/extend`, { expirationMinutes: 31 }));
  checkBooking(longer, { status: 'ON_HOLD', request: extended.request, product }, note);
  note(Date.parse(longer.utcExpiresAt) > Date.parse(extended.booking.utcExpiresAt), 'utcExpiresAt');
  await failed(ask('POST', `/bookings/${unknownUuid}/extend`, {}), 'INVALID_BOOKING_UUID', 'uuid');

  scenario = 'Booking Cancellation';
  const held = await reserve();
  const cancelledHold = await succeeded(ask('POST', `${held.path}/cancel`, { reason: 'Reason' }));
  checkBooking(cancelledHold, { status: 'CANCELLED', request: held.request, product }, note);
  note(filled(cancelledHold.cancellation.reason), 'cancellation.reason');
  const sold = await reserve();
  await confirm(sold.path, sold.request);
  const cancelled = await succeeded(ask('POST', `${sold.path}/cancel`, { reason: 'Reason' }));
  note(cancelled.status === 'CANCELLED' && filled(cancelled.cancellation.reason), 'cancellation');
  await failed(ask('POST', `/bookings/${unknownUuid}/cancel`, { reason: 'Reason' }), 'INVALID_BOOKING_UUID', 'uuid');

  scenario = 'Booking Get';
  const hold = await reserve();
  note((await succeeded(ask('GET', hold.path))).uuid === hold.booking.uuid, 'a hold');
  const got = await reserve();
  await confirm(got.path, got.request);
  const shown = await succeeded(ask('GET', got.path));
  checkBooking(shown, { status: 'CONFIRMED', request: got.request, product }, note);
  await failed(ask('GET', `/bookings/${unknownUuid}`), 'INVALID_BOOKING_UUID', 'uuid');

  scenario = 'Booking List';
  for (const key of ['resellerReference', 'supplierReference']) {
    const listed = await reserve();
    const query = new URLSearchParams({ [key]: listed.booking[key] });
    const list: Shown[] = await succeeded(ask('GET', `/bookings?${query}`));
    const same = list.find(({ uuid }) => uuid === listed.booking.uuid);
    note(same !== undefined, key);
    if (same !== undefined) checkBooking(same, { status: 'ON_HOLD', request: listed.request, product }, note);
  }
  await failed(ask('GET', '/bookings'), 'BAD_REQUEST');
  return problems;
}
