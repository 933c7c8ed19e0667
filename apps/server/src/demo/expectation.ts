import type { Mail } from './client.ts';
import type { Delivery } from './delivery.ts';

/** A webhook that a step must cause: about this booking, with a diff that touches this path (and what is below it). */
export interface ExpectedDelivery {
  readonly uuid: string;
  /** Names the booking to people. */
  readonly booking: string;
  readonly path: string;
  /** What the path must become; left out: anything. */
  readonly value?: unknown;
}

/** An e-mail that a step must cause, in the language of the guest. */
export interface ExpectedMail {
  readonly to: string;
  /** How its subject begins. */
  readonly subject: string;
}

/** The language of the demo's guests. */
export const language = 'de';

const isAbout = ({ path, value }: ExpectedDelivery, { diff }: Delivery): boolean =>
  diff.some(
    (operation) =>
      (operation.path === path || operation.path.startsWith(`${path}/`)) &&
      (value === undefined || operation.value === value),
  );

const called = ({ booking, path, value }: ExpectedDelivery) =>
  `webhook for ${booking} with ${path}${value === undefined ? '' : ` = ${String(value)}`}`;

const shown = (delivery: Delivery, booking: string) =>
  `webhook for ${booking} with ${delivery.diff.map(({ path }) => path).join(', ')}`;

/**
 * What is wrong with what arrived, one sentence each: webhooks must be signed, in the guest's language, and be exactly the expected
 * ones, in order for each booking; e-mails exactly the expected ones, in order. Empty: all is well.
 */
export function problemsOf(
  expected: { readonly deliveries: readonly ExpectedDelivery[]; readonly mails: readonly ExpectedMail[] },
  arrived: { readonly deliveries: readonly Delivery[]; readonly mails: readonly Mail[] },
): string[] {
  return [
    ...arrived.deliveries.flatMap(deliveryProblems),
    ...orderProblems(expected.deliveries, arrived.deliveries),
    ...mailProblems(expected.mails, arrived.mails),
  ];
}

function deliveryProblems(delivery: Delivery, index: number, all: readonly Delivery[]): string[] {
  const { id, signed, event } = delivery;
  return [
    ...(signed ? [] : [`The signature of delivery ${id} is not valid.`]),
    ...(event === 'booking_update' ? [] : [`Delivery ${id} is a ${event}, which nobody subscribed to.`]),
    ...(delivery.language === language ? [] : [`Delivery ${id} is in ${delivery.language}, not ${language}.`]),
    ...(all.findIndex((other) => other.id === id) === index ? [] : [`Delivery ${id} arrived more than once.`]),
  ];
}

function orderProblems(expected: readonly ExpectedDelivery[], arrived: readonly Delivery[]): string[] {
  const names = new Map(expected.map(({ uuid, booking }) => [uuid, booking]));
  const uuids = new Set([...names.keys(), ...arrived.map(({ uuid }) => uuid)]);
  return [...uuids].flatMap((uuid) => {
    const wanted = expected.filter((one) => one.uuid === uuid);
    const came = arrived.filter((one) => one.uuid === uuid);
    const name = names.get(uuid) ?? `an unknown booking (${uuid})`;
    return compare(wanted, came, isAbout, called, (delivery) => shown(delivery, name));
  });
}

const isThis = (wanted: ExpectedMail, came: Mail) => came.to === wanted.to && came.subject.startsWith(wanted.subject);

function mailProblems(expected: readonly ExpectedMail[], arrived: readonly Mail[]): string[] {
  const named = ({ to, subject }: ExpectedMail) => `e-mail to ${to}: “${subject}…”`;
  return compare(expected, arrived, isThis, named, ({ to, subject }) => `e-mail to ${to}: “${subject}”`);
}

/** Walks both lists side by side: each that arrived must be the one whose turn it is. */
function compare<Wanted, Came>(
  expected: readonly Wanted[],
  arrived: readonly Came[],
  matches: (wanted: Wanted, came: Came) => boolean,
  nameWanted: (wanted: Wanted) => string,
  nameCame: (came: Came) => string,
): string[] {
  const count = Math.max(expected.length, arrived.length);
  return Array.from({ length: count }, (_, index) => {
    const [wanted, came] = [expected[index], arrived[index]];
    if (wanted === undefined) return came === undefined ? [] : [`Unexpected: ${nameCame(came)}.`];
    if (came === undefined) return [`Missing: ${nameWanted(wanted)}.`];
    return matches(wanted, came) ? [] : [`Expected ${nameWanted(wanted)}; there came ${nameCame(came)}.`];
  }).flat();
}
