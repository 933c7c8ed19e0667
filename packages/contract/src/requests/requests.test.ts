import { describe, expect, test } from 'vitest';
import type { ZodType } from 'zod';
import {
  availabilityRequest,
  bookingFilter,
  calendarRequest,
  confirmationRequest,
  maxUnitItems,
  problemsOf,
  reservationRequest,
  updateRequest,
} from './index.ts';

const hold = { productId: 'p', optionId: 'o', availabilityId: 'a', unitItems: [{ unitId: 'adult' }] };
const range = { productId: 'p', optionId: 'o', localDateStart: '2026-07-01', localDateEnd: '2026-07-31' };

/** What is wrong, as the sentences that a caller reads. */
function wrong(schema: ZodType, input: unknown): string[] {
  const result = schema.safeParse(input);
  return result.success ? [] : problemsOf(result.error, input, 'the body').map(({ message }) => message);
}

describe('a reservation', () => {
  test('keeps what OCTO knows and drops the rest', () => {
    expect(reservationRequest.parse({ ...hold, colour: 'red', notes: null, uuid: null })).toEqual({
      ...hold,
      notes: null,
    });
  });

  test('gives uuids in lower case, as the validator of OCTO wants them', () => {
    const uuid = '0190B6C2-7B7A-7C3D-9E4F-0123456789AB';
    expect(reservationRequest.parse({ ...hold, uuid }).uuid).toBe(uuid.toLowerCase());
  });

  test('gives the id of its order in lower case if it is a UUID, and as it is if it is not', () => {
    const orderId = '0190B6C2-7B7A-7C3D-9E4F-0123456789AB';
    expect(reservationRequest.parse({ ...hold, orderId }).orderId).toBe(orderId.toLowerCase());
    expect(reservationRequest.parse({ ...hold, orderId: 'ORDER-1' }).orderId).toBe('ORDER-1');
  });

  test('takes an e-mail address without the blanks around it, and a blank one as none', () => {
    const address = (emailAddress: string) =>
      reservationRequest.parse({ ...hold, contact: { emailAddress } }).contact?.emailAddress;
    expect(address(' ada@example.com ')).toBe('ada@example.com');
    expect(address('  ')).toBe('');
  });

  test.each([
    ['contact.emailAddress must be an e-mail address', { ...hold, contact: { emailAddress: 'Ada <ada@example.com>' } }],
    ['contact.emailAddress must be an e-mail address', { ...hold, contact: { emailAddress: 'not an address' } }],
    ['productId is required', { ...hold, productId: undefined }],
    ['optionId is required', { ...hold, optionId: null }],
    ['productId must be a string', { ...hold, productId: 7 }],
    ['productId must have at most 255 characters', { ...hold, productId: 'x'.repeat(256) }],
    ['unitItems is required', { ...hold, unitItems: undefined }],
    ['unitItems must have at least 1 element', { ...hold, unitItems: [] }],
    [`unitItems must have at most ${maxUnitItems} elements`, { ...hold, unitItems: Array(501).fill({ unitId: 'u' }) }],
    ['unitItems must be a list', { ...hold, unitItems: { 0: { unitId: 'u' } } }],
    ['unitItems[1].unitId is required', { ...hold, unitItems: [{ unitId: 'u' }, {}] }],
    [
      'unitItems[0].contact.firstName must be a string',
      { ...hold, unitItems: [{ unitId: 'u', contact: { firstName: 1 } }] },
    ],
    ['uuid must be a UUID (RFC 9562)', { ...hold, uuid: 'invalidUUID' }],
    ['expirationMinutes must be at least 1', { ...hold, expirationMinutes: -5 }],
    ['expirationMinutes must be an integer', { ...hold, expirationMinutes: 1.5 }],
    ['expirationMinutes must be at most 527040', { ...hold, expirationMinutes: 1e12 }],
    ['currency must be a currency code of three letters (ISO 4217)', { ...hold, currency: '€' }],
    ['currency must be the code of a currency that exists (ISO 4217)', { ...hold, currency: 'ABC' }],
    ['notes must be well-formed Unicode without NUL', { ...hold, notes: 'a\0b' }],
    ['notes must be well-formed Unicode without NUL', { ...hold, notes: '\ud800' }],
    ['resellerReference must be one line without control characters', { ...hold, resellerReference: 'a\r\nb' }],
    ['contact.allowMarketing must be true or false', { ...hold, contact: { allowMarketing: 'yes' } }],
    ['the body must be an object', []],
    ['the body must be an object', 'text'],
  ])('is refused with "%s"', (message, input) => {
    expect(wrong(reservationRequest, input)).toEqual([message]);
  });
});

test('a change of a booking tells "leave as it is" from "none"', () => {
  expect(updateRequest.parse({ notes: null, contact: { firstName: null } })).toEqual({
    notes: null,
    contact: { firstName: null },
  });
  expect(updateRequest.parse({})).toEqual({});
});

test('a confirmation needs no contact, as with Ventrata', () => {
  expect(confirmationRequest.parse({})).toEqual({});
});

describe('an availability check', () => {
  test('takes a range, one date as a range of a day, or ids', () => {
    expect(availabilityRequest.parse(range)).toEqual(range);
    const { localDateStart, localDateEnd, ...ids } = range;
    expect(availabilityRequest.parse({ ...ids, localDate: '2028-02-29' })).toEqual({
      ...ids,
      localDateStart: '2028-02-29',
      localDateEnd: '2028-02-29',
    });
    expect(availabilityRequest.parse({ ...ids, availabilityIds: ['a'], units: [], currency: 'eur' })).toEqual({
      ...ids,
      availabilityIds: ['a'],
      currency: 'EUR',
    });
  });

  test.each([
    ['localDateEnd must be a date that exists, YYYY-MM-DD', { ...range, localDateEnd: '2026-02-30' }],
    ['localDateEnd must be a date that exists, YYYY-MM-DD', { ...range, localDateEnd: '2026-07-31T00:00:00Z' }],
    ['localDateEnd must not be before localDateStart', { ...range, localDateEnd: '2026-06-30' }],
    ['localDateEnd must be within a year of localDateStart', { ...range, localDateEnd: '2027-07-02' }],
    ['localDateEnd is required with localDateStart', { ...range, localDateEnd: undefined }],
    ['localDate must not stand beside localDateStart or localDateEnd', { ...range, localDate: '2026-07-01' }],
    [
      'availabilityIds or localDateStart with localDateEnd, or localDate, is required: exactly one of the three',
      { productId: 'p', optionId: 'o' },
    ],
    [
      'availabilityIds or localDateStart with localDateEnd, or localDate, is required: exactly one of the three',
      { ...range, availabilityIds: ['a'] },
    ],
    [
      'availabilityIds must have at most 100 elements',
      { productId: 'p', optionId: 'o', availabilityIds: Array(101).fill('a') },
    ],
    ['units[0].quantity must be at least 0', { ...range, units: [{ id: 'u', quantity: -1 }] }],
    ['units[0].quantity must be at most 10000', { ...range, units: [{ id: 'u', quantity: 1e9 }] }],
  ])('is refused with "%s"', (message, input) => {
    expect(wrong(availabilityRequest, input)).toEqual([message]);
  });
});

test('a calendar needs both ends of its range, which may be a year apart', () => {
  expect(wrong(calendarRequest, { ...range, localDateStart: undefined })).toEqual(['localDateStart is required']);
  expect(wrong(calendarRequest, { ...range, localDateEnd: '2027-07-01' })).toEqual([]);
});

describe('a list of bookings', () => {
  test('takes one filter or several, and a date as a range', () => {
    expect(bookingFilter.parse({ resellerReference: 'R-1', productId: '' })).toEqual({ resellerReference: 'R-1' });
    expect(bookingFilter.parse({ localDate: '2026-07-01', foo: 'x' })).toEqual({
      localDateStart: '2026-07-01',
      localDateEnd: '2026-07-01',
    });
  });

  test.each([[{}], [{ resellerReference: '' }], [{ foo: 'x' }]])('is refused without a filter: %j', (query) => {
    expect(wrong(bookingFilter, query)[0]).toMatch(/^the body must have at least one filter/);
  });
});
