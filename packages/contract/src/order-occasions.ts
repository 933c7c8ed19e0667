import type { Json } from '@carillon/diff';
import { statusChange } from './email-type.ts';
import { elementsAt, listOf, objectOf } from './member.ts';
import type { Finding } from './occasion.ts';
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
  if (paid.length > 0) found.push({ occasion: 'paid', reason: `Paid: ${amountOf(paid)}.` });
  if (refunded.length > 0) {
    const how = isWhole(payload) ? 'in full' : 'in part';
    found.push({ occasion: 'refunded', reason: `Refunded ${how}: ${amountOf(refunded)}.` });
  }
  if (statusChange(payload.diff) !== undefined) return found;
  if (payload.order.status === 'CONFIRMED' && ticketsChanged(payload)) {
    found.push({ occasion: 'tickets_changed', reason: 'Tickets of the order were taken away, exchanged or added.' });
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

/** Whether everything that was ever paid for the order has been given back. */
function isWhole({ order }: OrderPayload): boolean {
  const all = listOf(objectOf(order as unknown as Json).transactions);
  const of = (type: string) => sumOf(all.filter((each) => objectOf(each).type === type));
  return of('REFUND') >= of('PAYMENT');
}

/** Whether a booking was taken away, or the bag of the order's codes changed; their order is no news. */
function ticketsChanged({ diff }: OrderPayload): boolean {
  const list = '/voucher/deliveryOptions';
  if (diff.some(({ op, path }) => op === 'remove' && /^\/bookings\/\d+$/.test(path))) return true;
  const bag = new Map<string, number>();
  const count = (option: Json, by: number) => {
    const { deliveryFormat, deliveryValue } = objectOf(option);
    const name = JSON.stringify([deliveryFormat, deliveryValue]);
    bag.set(name, (bag.get(name) ?? 0) + by);
  };
  for (const { path, was, value } of diff) {
    for (const option of elementsAt(path, list, was)) count(option, -1);
    for (const option of elementsAt(path, list, value)) count(option, 1);
    if (was !== value && /^\/voucher\/deliveryOptions\/\d+\/deliveryValue$/.test(path)) return true;
  }
  return [...bag.values()].some((balance) => balance !== 0);
}
