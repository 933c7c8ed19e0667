import type { Json } from '@carillon/diff';
import { statusChange } from './email-type.ts';
import { elementsAt, listOf, objectOf } from './member.ts';
import type { Finding, MovedMoney } from './occasion.ts';
import type { OrderPayload } from './payload.ts';

/**
 * What an `order_update` means to a guest (Ventrata's help article: transactions and ticket changes are told by the diff of the
 * order): money was paid or given back; tickets changed, when one is taken away or exchanged, or another is added, while the
 * order stays CONFIRMED; contact details changed while it is CONFIRMED or PENDING, and not because another booking became
 * primary. What happens to the order as a whole is told by its bookings.
 */
export function orderOccasions(payload: OrderPayload): readonly Finding[] {
  const found: Finding[] = [];
  const added = payload.diff.flatMap(({ path, value }) => elementsAt(path, '/transactions', value));
  const paid = added.filter((each) => objectOf(each).type === 'PAYMENT');
  const refunded = added.filter((each) => objectOf(each).type === 'REFUND');
  if (paid.length > 0) {
    found.push({ occasion: 'paid', reason: `Paid: ${amountOf(paid)}.`, money: moneyOf(paid, false) });
  }
  if (refunded.length > 0) {
    const whole = isWhole(payload);
    const reason = `Refunded ${whole ? 'in full' : 'in part'}: ${amountOf(refunded)}.`;
    found.push({ occasion: 'refunded', reason, money: moneyOf(refunded, whole) });
  }
  if (statusChange(payload.diff) !== undefined) return found;
  const tickets = payload.order.status === 'CONFIRMED' ? ticketsOf(payload) : undefined;
  if (tickets !== undefined) {
    const reason = 'Tickets of the order were taken away, exchanged or added.';
    found.push({ occasion: 'tickets_changed', reason, tickets });
  }
  const booked = payload.order.status === 'CONFIRMED' || payload.order.status === 'PENDING';
  if (booked && contactChanged(payload) && !primaryChanged(payload)) {
    found.push({ occasion: 'contact_changed', reason: 'The contact details of the order changed.' });
  }
  return found;
}

const contactChanged = ({ diff }: OrderPayload): boolean =>
  diff.some(({ path }) => path === '/contact' || path.startsWith('/contact/'));

/** Whether another booking became primary: the mark moved, or came or went with its booking. */
function primaryChanged({ diff }: OrderPayload): boolean {
  const marked = (booking: Json) => objectOf(booking).primary === true;
  return diff.some(
    ({ path, was, value }) =>
      /^\/bookings\/\d+\/primary$/.test(path) ||
      elementsAt(path, '/bookings', was).some(marked) !== elementsAt(path, '/bookings', value).some(marked),
  );
}

const sumOf = (transactions: readonly Json[]): number =>
  transactions.map((each) => Number(objectOf(each).amount)).reduce((sum, amount) => sum + amount, 0);

/** The sum of transactions, which are of one currency, as `EUR 45.00`. */
function amountOf(transactions: readonly Json[]): string {
  const { currency, currencyPrecision } = objectOf(transactions[0]);
  const precision = Number(currencyPrecision ?? 0);
  return `${currency} ${(sumOf(transactions) / 10 ** precision).toFixed(precision)}`;
}

/** See `MovedMoney`. */
function moneyOf(transactions: readonly Json[], whole: boolean): MovedMoney {
  const { currency, currencyPrecision } = objectOf(transactions[0]);
  const methods = transactions.flatMap((each) => {
    const { method } = objectOf(each);
    return typeof method === 'string' ? [method] : [];
  });
  return {
    amount: sumOf(transactions),
    currency: String(currency),
    currencyPrecision: Number(currencyPrecision ?? 0),
    methods: [...new Set(methods)],
    whole,
  };
}

/** Whether everything that was ever paid for the order has been given back. */
function isWhole({ order }: OrderPayload): boolean {
  const all = listOf(objectOf(order as unknown as Json).transactions);
  const of = (type: string) => sumOf(all.filter((each) => objectOf(each).type === type));
  return of('REFUND') >= of('PAYMENT');
}

/** The codes that went and that came, where a booking was taken away or the bag of the order's codes changed; their order is no news. */
function ticketsOf({ diff }: OrderPayload): NonNullable<Finding['tickets']> | undefined {
  const list = '/voucher/deliveryOptions';
  const bag = new Map<string, { readonly value: string; balance: number }>();
  const count = (option: Json, by: number) => {
    const { deliveryFormat, deliveryValue } = objectOf(option);
    const name = JSON.stringify([deliveryFormat, deliveryValue]);
    const known = bag.get(name) ?? { value: String(deliveryValue), balance: 0 };
    bag.set(name, { ...known, balance: known.balance + by });
  };
  for (const { path, was, value } of diff) {
    for (const option of elementsAt(path, list, was)) count(option, -1);
    for (const option of elementsAt(path, list, value)) count(option, 1);
    if (was === value || !/^\/voucher\/deliveryOptions\/\d+\/deliveryValue$/.test(path)) continue;
    if (was !== undefined) count({ deliveryValue: was }, -1);
    if (value !== undefined) count({ deliveryValue: value }, 1);
  }
  const changed = [...bag.values()];
  const gone = changed.filter(({ balance }) => balance < 0).map(({ value }) => value);
  const added = changed.filter(({ balance }) => balance > 0).map(({ value }) => value);
  const bookingWent = diff.some(({ op, path }) => op === 'remove' && /^\/bookings\/\d+$/.test(path));
  return bookingWent || gone.length + added.length > 0 ? { gone, added } : undefined;
}
