import { expect, test } from 'vitest';
import { payloadSchema } from './payload.ts';

test('the sample of the help article, with nothing but a diff and a booking, is read', () => {
  const sample = {
    diff: [{ op: 'replace', was: 'ON_HOLD', path: '/status', value: 'CONFIRMED' }],
    booking: { status: 'CONFIRMED' },
  };
  expect(payloadSchema.parse(sample)).toEqual(sample);
});

test('what a receiver does not know is kept', () => {
  const sample = {
    event: 'booking_update',
    webhook: { id: 'w1', event: 'booking_update', url: 'https://example.com' },
    supplier: { id: 's1', name: 'Harbour Tours' },
    booking: { uuid: 'b1', status: 'CONFIRMED', extras: [{ id: 'e1' }] },
    diff: [{ op: 'add', path: '/extras/0', value: { id: 'e1' }, note: 'new' }],
  };
  expect(payloadSchema.parse(sample)).toEqual(sample);
});

test.each([
  ['order_update', { order: { id: 'o1' }, diff: [{ op: 'remove', was: { uuid: 'b1' }, path: '/bookings/0' }] }],
  ['availability_update', { productId: 'p1', optionId: 'o1', availability: { id: 'a1' }, diff: [] }],
  ['product_update', { product: { id: 'p1' }, diff: [] }],
])('%s is told by the object that it carries', (_event, payload) => {
  expect(payloadSchema.parse(payload)).toEqual(payload);
});

test('a payload without a diff has an empty one', () => {
  expect(payloadSchema.parse({ availability: { id: 'a1' } })).toEqual({ availability: { id: 'a1' }, diff: [] });
});

test.each([
  ['no object', { diff: [] }],
  ['a booking without a status', { booking: {}, diff: [] }],
  ['an operation without a path', { booking: { status: 'CONFIRMED' }, diff: [{ op: 'add', value: 1 }] }],
  ['a diff that is no list', { booking: { status: 'CONFIRMED' }, diff: {} }],
])('%s is refused', (_what, payload) => {
  expect(payloadSchema.safeParse(payload).success).toBe(false);
});
