import { expect, test } from 'vitest';
import { emailTypeOf } from './email-type.ts';
import type { Payload } from './payload.ts';

const becomes = (was: string, value: string): Payload => ({
  booking: { status: value },
  diff: [
    { op: 'replace', was: '2026-01-01', path: '/utcUpdatedAt', value: '2026-01-02' },
    { op: 'replace', was, path: '/status', value },
  ],
});

const statuses = ['ON_HOLD', 'CONFIRMED', 'EXPIRED', 'CANCELLED', 'REDEEMED', 'PENDING', 'REJECTED', 'NOSHOW'];

test.each([
  ['CONFIRMED', 'confirmation'],
  ['CANCELLED', 'cancellation'],
  ['EXPIRED', 'recovery'],
  ['ON_HOLD', 'none'],
  ['PENDING', 'none'],
  ['REDEEMED', 'none'],
])('a status that changes to %s, from any other, is: %s', (to, type) => {
  for (const from of statuses.filter((status) => status !== to)) expect(emailTypeOf(becomes(from, to))).toBe(type);
});

test('a change of anything but the status of a confirmed booking is an update', () => {
  const diff = [{ op: 'replace', was: null, path: '/notes', value: 'late' }];
  expect(emailTypeOf({ booking: { status: 'CONFIRMED' }, diff })).toBe('update');
});

test('a change of anything but the status of another booking is nothing', () => {
  const diff = [{ op: 'replace', was: null, path: '/notes', value: 'late' }];
  expect(emailTypeOf({ booking: { status: 'ON_HOLD' }, diff })).toBe('none');
  expect(emailTypeOf({ booking: { status: 'CANCELLED' }, diff })).toBe('none');
});

test('the status of a unit item or of anything else inside is not the status of the booking', () => {
  const diff = [{ op: 'replace', was: 'CONFIRMED', path: '/unitItems/0/status', value: 'CANCELLED' }];
  expect(emailTypeOf({ booking: { status: 'CONFIRMED' }, diff })).toBe('update');
});

test('orders, products and availability have no e-mail type', () => {
  const diff = [{ op: 'replace', was: 'ON_HOLD', path: '/status', value: 'CONFIRMED' }];
  expect(emailTypeOf({ order: { status: 'CONFIRMED' }, diff })).toBe('none');
  expect(emailTypeOf({ product: { id: 'p1' }, diff })).toBe('none');
  expect(emailTypeOf({ availability: { id: 'a1' }, diff })).toBe('none');
});
