import { describe, expect, test } from 'vitest';
import { changed, type Operation } from './index.ts';

const operations: Operation[] = [
  { op: 'replace', was: 'ON_HOLD', path: '/status', value: 'CONFIRMED' },
  { op: 'replace', was: 'PT', path: '/contact/country', value: 'ES' },
  {
    op: 'add',
    path: '/voucher',
    value: { redemptionMethod: 'DIGITAL', deliveryOptions: [{ deliveryFormat: 'QRCODE' }] },
  },
  { op: 'remove', was: { uuid: 'a', status: 'CONFIRMED' }, path: '/unitItems/0' },
  {
    op: 'replace',
    was: { from: '09:00', to: '17:00' },
    path: '/openingHours/0',
    value: { from: '10:00', to: '17:00' },
  },
  { op: 'add', path: '/a~1b', value: null },
];

describe('changed', () => {
  test.each([
    ['/status', 'replaced itself'],
    ['/contact', 'a member below it was replaced'],
    ['/contact/country', 'replaced itself'],
    ['', 'everything is below the root'],
    ['/voucher/deliveryOptions', 'came with what was added above it'],
    ['/voucher/deliveryOptions/0/deliveryFormat', 'came with what was added above it'],
    ['/unitItems', 'an element was removed'],
    ['/unitItems/0/status', 'went with what was removed above it'],
    ['/openingHours/0/from', 'differs within what was replaced above it'],
    ['/a~1b', 'added, its name escaped'],
  ])('is true for %s: %s', (pointer) => {
    expect(changed(operations, pointer)).toBe(true);
  });

  test.each([
    ['/stat', 'only the beginning of a name'],
    ['/statuses', 'only begins like a name'],
    ['/contact/emailAddress', 'a neighbour'],
    ['/voucher/deliveryOptions/1', 'not in what was added'],
    ['/openingHours/0/to', 'the same in what was replaced above it'],
    ['/unitItems/1', 'only moved up'],
    ['/status/length', 'not JSON'],
    ['/a', 'part of a name before an escaped slash'],
  ])('is false for %s: %s', (pointer) => {
    expect(changed(operations, pointer)).toBe(false);
  });

  test('is false for no operations', () => {
    expect(changed([], '')).toBe(false);
  });

  test('refuses what is not a pointer', () => {
    expect(() => changed(operations, 'status')).toThrow('Not a JSON Pointer: "status"');
  });
});
