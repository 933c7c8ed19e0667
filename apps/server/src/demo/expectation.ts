import type { Mail } from './client.ts';
import type { Delivery, DiffOperation } from './delivery.ts';

/** A webhook that a step must cause: about this booking, with a diff of exactly these paths. */
export interface ExpectedDelivery {
  readonly uuid: string;
  /** Names the booking to people. */
  readonly booking: string;
  /** What each path must become; undefined: anything. That it was updated goes without saying. */
  readonly changes: Readonly<Record<string, unknown>>;
}

/** An e-mail that a step must cause, in the language of the guest. */
export interface ExpectedMail {
  readonly to: string;
  /** How its subject begins. */
  readonly subject: string;
}

/** The language of the demo's guests. */
export const language = 'de';

/** Stands in every diff, and is of no interest. */
const always = '/utcUpdatedAt';

const isAbout = ({ changes }: ExpectedDelivery, { diff }: Delivery): boolean => {
  const told = diff.filter(({ path }) => path !== always);
  const wanted = ({ path, value }: DiffOperation) =>
    Object.hasOwn(changes, path) && (changes[path] === undefined || changes[path] === value);
  return told.length === Object.keys(changes).length && told.every(wanted);
};

const called = ({ booking, changes }: ExpectedDelivery) => {
  const named = Object.entries(changes).map(([path, value]) => (value === undefined ? path : `${path} = ${value}`));
  return `webhook for ${booking} with ${named.join(', ')}`;
};

const shown = ({ diff }: Delivery, booking: string) => {
  const paths = diff.map(({ path }) => path).filter((path) => path !== always);
  return `webhook for ${booking} with ${paths.join(', ')}`;
};

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
