import type { Payload, PayloadOperation } from './payload.ts';

/** The four e-mails of Ventrata's help article. */
export const emailTypes = ['confirmation', 'cancellation', 'update', 'recovery'] as const;
/** One of the four e-mails of Ventrata's help article. */
export type EmailType = (typeof emailTypes)[number];

const typesByStatus: ReadonlyMap<unknown, EmailType> = new Map([
  ['CONFIRMED', 'confirmation'],
  ['CANCELLED', 'cancellation'],
  ['EXPIRED', 'recovery'],
] as const);

/** How `/status` changed, from and to; undefined where it did not. `from` is undefined where the diff tells no old value. */
export function statusChange(
  diff: readonly PayloadOperation[],
): { readonly from: unknown; readonly to: unknown } | undefined {
  const found = diff.find((operation) => operation.path === '/status');
  if (found === undefined || found.was === found.value) return undefined;
  return { from: found.was, to: found.value };
}

/**
 * The e-mail that the rules of Ventrata's help article ("How to Trigger Third-Party Notifications Using Webhooks") tell from
 * a payload, literally: `/status` changed, from anything, to CONFIRMED, CANCELLED or EXPIRED; or it did not change and the
 * booking is CONFIRMED. Whether a guest should get one is another question: see `occasionsOf`.
 */
export function emailTypeOf(payload: Payload): EmailType | 'none' {
  if (!('booking' in payload)) return 'none';
  const change = statusChange(payload.diff);
  if (change !== undefined) return typesByStatus.get(change.to) ?? 'none';
  return payload.booking.status === 'CONFIRMED' ? 'update' : 'none';
}
