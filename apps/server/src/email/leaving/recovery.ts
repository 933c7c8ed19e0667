import type { BookingDocument, OrderDocument } from '@carillon/contract';
import { recoveryUrl } from '../recovery-url.ts';
import type { SupplierProfile } from '../suppliers.ts';

/** What else the guest of an order did, whose hold ran out. */
export interface GuestSince {
  /** Held or booked something in another order, later. */
  readonly cameBack: boolean;
  /** Was asked before to complete this order. */
  readonly wasAsked: boolean;
}

/** All that a recovery is decided on, at `now` (ms UTC): what ran out, and everything of the order. */
export interface Abandoned {
  readonly supplier: SupplierProfile;
  readonly order: OrderDocument | undefined;
  readonly bookings: readonly BookingDocument[];
  readonly expired: readonly BookingDocument[];
  readonly since: GuestSince;
  readonly now: number;
}

/** Holds that ran out and can still be booked, at least one; or why their guest is not asked to come back. */
export type Recovery =
  | { readonly kind: 'ask'; readonly bookings: ReadonlySet<BookingDocument> }
  | { readonly kind: 'leave_alone'; readonly reason: string };

const alone = (reason: string): Recovery => ({ kind: 'leave_alone', reason });
const kept: readonly BookingDocument['status'][] = ['CONFIRMED', 'PENDING', 'REDEEMED', 'NOSHOW'];

/** Whether a guest whose holds ran out is asked to come back, and to which of them. */
export function recoveryOf({ supplier, order, bookings, expired, since, now }: Abandoned): Recovery {
  const all = [...(order?.bookings ?? []), ...bookings];
  if (all.some(({ status }) => kept.includes(status)))
    return alone('The guest booked after all: the order is confirmed.');
  if (all.some(({ status }) => status === 'ON_HOLD')) return alone('The guest still holds something of this order.');
  if (since.cameBack) return alone('The guest came back: there is a newer hold or booking for this address.');
  if (since.wasAsked) return alone('The guest was asked before to complete this order.');
  const open = expired.filter(
    ({ availability }) => availability === null || now < Date.parse(availability.utcCutoffAt),
  );
  if (open.length === 0) return alone('It is too late to book it.');
  if (open.some((booking) => recoveryUrl(supplier.checkoutUrl, booking) === null)) {
    return alone('The supplier has no checkout URL that could lead the guest back.');
  }
  return { kind: 'ask', bookings: new Set(open) };
}
