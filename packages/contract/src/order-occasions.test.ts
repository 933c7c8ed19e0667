import type { Operation } from '@carillon/diff';
import { describe, expect, test } from 'vitest';
import { occasionsOf } from './occasions.ts';
import type { OrderPayload } from './payload.ts';

const transaction = (type: 'PAYMENT' | 'REFUND', amount: number) => ({
  type,
  amount,
  currency: 'EUR',
  currencyPrecision: 2,
});
const option = (deliveryValue: string) => ({ deliveryFormat: 'QRCODE', deliveryValue });

/** What an order's diff means, with the order as it is afterwards. */
function told(diff: readonly Operation[], order: object = {}): string[] {
  const payload = { order: { id: 'o1', status: 'CONFIRMED', ...order }, diff } as OrderPayload;
  return occasionsOf(payload).occasions.map(({ occasion, reason }) => `${occasion}: ${reason}`);
}

const add = (path: string, value: unknown) => ({ op: 'add', path, value }) as Operation;
const remove = (path: string, was: unknown) => ({ op: 'remove', path, was }) as Operation;

describe('a transaction', () => {
  test('is a payment of so much', () => {
    const payment = transaction('PAYMENT', 9_050);
    const confirmed = { op: 'replace', path: '/status', was: 'ON_HOLD', value: 'CONFIRMED' } as Operation;
    const tickets = add('/voucher/deliveryOptions/0', option('A'));
    expect(told([confirmed, add('/transactions/0', payment), tickets])).toEqual(['paid: Paid: EUR 90.50.']);
  });

  test.each([
    ['in part', 4_500],
    ['in full', 9_000],
  ])('is a refund %s', (how, amount) => {
    const transactions = [transaction('PAYMENT', 9_000), transaction('REFUND', amount)];
    const found = told([add('/transactions/1', transactions[1])], { transactions });
    expect(found).toEqual([`refunded: Refunded ${how}: EUR ${amount / 100}.00.`]);
  });

  test('that was there before is no news', () => {
    expect(told([{ op: 'replace', path: '/utcUpdatedAt', was: 'a', value: 'b' }])).toEqual([]);
    expect(told([{ op: 'replace', path: '/transactions/0/reference', was: null, value: 'R' }])).toEqual([]);
  });

  test('of several is told as their sum, whether they come one by one or with their list', () => {
    const both = [transaction('PAYMENT', 100), transaction('PAYMENT', 50)];
    const oneByOne = both.map((each, index) => add(`/transactions/${index}`, each));
    expect(told(oneByOne)).toEqual(['paid: Paid: EUR 1.50.']);
    expect(told([add('/transactions', both)])).toEqual(['paid: Paid: EUR 1.50.']);
  });
});

describe('tickets', () => {
  const changed = ['tickets_changed: Tickets of the order were taken away, exchanged or added.'];

  test('change when a booking with its voucher is taken away, as in the help article', () => {
    const diff = [remove('/bookings/0', { uuid: 'b1' }), remove('/voucher/deliveryOptions/1', option('B'))];
    expect(told(diff)).toEqual(changed);
  });

  test('change when one is exchanged or added', () => {
    const path = '/voucher/deliveryOptions/0/deliveryValue';
    expect(told([{ op: 'replace', path, was: 'A', value: 'B' }])).toEqual(changed);
    expect(told([add('/voucher/deliveryOptions/1', option('B'))])).toEqual(changed);
  });

  test('in another order are the same', () => {
    const diff = [remove('/voucher/deliveryOptions/0', option('A')), add('/voucher/deliveryOptions/1', option('A'))];
    expect(told(diff)).toEqual([]);
  });

  test('of an order that is confirmed or cancelled with it are told by its bookings', () => {
    const status = { op: 'replace', path: '/status', was: 'CONFIRMED', value: 'CANCELLED' } as Operation;
    expect(told([status, remove('/voucher/deliveryOptions/0', option('A'))], { status: 'CANCELLED' })).toEqual([]);
    expect(told([remove('/voucher/deliveryOptions/0', option('A'))], { status: 'ON_HOLD' })).toEqual([]);
  });
});

test.each([
  ['while it is only on hold', { status: 'ON_HOLD' }, []],
  [
    'because another booking became primary',
    {},
    [{ op: 'replace', path: '/bookings/0/primary', was: false, value: true }],
  ],
  ['because the primary booking was taken away', {}, [remove('/bookings/0', { uuid: 'b1', primary: true })]],
] as const)('contact details of an order are no news %s', (_, order, diff) => {
  const contact: Operation = { op: 'replace', path: '/contact/emailAddress', was: 'a@b.example', value: 'c@d.example' };
  expect(told([...diff, contact], order).filter((each) => each.startsWith('contact_changed'))).toEqual([]);
  const other = remove('/bookings/1', { uuid: 'b2', primary: false });
  expect(told([other, contact], { status: 'PENDING' })).toHaveLength(1);
});

test('contact details of an order change', () => {
  const path = '/contact/emailAddress';
  expect(told([{ op: 'replace', path, was: 'a@b.example', value: 'c@d.example' }])).toEqual([
    'contact_changed: The contact details of the order changed.',
  ]);
  expect(told([{ op: 'replace', path: '/bookings/0/contact/notes', was: null, value: 'x' }])).toEqual([]);
});

describe('what is told beside the occasion', () => {
  const found = (diff: readonly Operation[], order: object = {}) =>
    occasionsOf({ order: { id: 'o1', status: 'CONFIRMED', ...order }, diff } as OrderPayload).occasions;

  test('is the money of a refund, with how it was paid and whether it is all', () => {
    const refunds = [transaction('REFUND', 4_000), transaction('REFUND', 500)].map((each) => ({
      ...each,
      method: 'CARD',
    }));
    const transactions = [transaction('PAYMENT', 9_000), ...refunds];
    const money = { amount: 4_500, currency: 'EUR', currencyPrecision: 2, methods: ['CARD'], whole: false };
    expect(found([add('/transactions', refunds)], { transactions })).toMatchObject([{ money }]);
    const whole = [transaction('PAYMENT', 4_500), ...refunds];
    expect(found([add('/transactions', refunds)], { transactions: whole })).toMatchObject([{ money: { whole: true } }]);
  });

  test('is which tickets went and which came', () => {
    const diff = [remove('/voucher/deliveryOptions/0', option('A')), add('/voucher/deliveryOptions/0', option('B'))];
    expect(found(diff)).toMatchObject([{ tickets: { gone: ['A'], added: ['B'] } }]);
    const path = '/voucher/deliveryOptions/0/deliveryValue';
    expect(found([{ op: 'replace', path, was: 'A', value: 'C' }])).toMatchObject([
      { tickets: { gone: ['A'], added: ['C'] } },
    ]);
  });
});

test('says why it is not what the four rules say', () => {
  const diff = [add('/transactions/0', transaction('PAYMENT', 1))];
  const payload = { order: { status: 'CONFIRMED' }, diff } as OrderPayload;
  expect(occasionsOf(payload)).toMatchObject({ emailType: 'none', difference: expect.stringContaining('the order') });
});
