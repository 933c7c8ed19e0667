import { type BookingDocument, bookingClock } from '@carillon/contract';
import { done, unprocessable } from '../refusal.ts';
import type { Confirmation } from '../request.ts';
import type { Codes } from './codes.ts';
import { type Decision, decide, withContact } from './decision.ts';
import { completed } from './own.ts';
import { withTickets } from './tickets.ts';
import { utc } from './time.ts';
import { applied, type UpdateFacts } from './update.ts';

function confirmed(booking: BookingDocument, now: number, codes: Codes): BookingDocument {
  const after = { ...booking, status: 'CONFIRMED' as const, utcConfirmedAt: utc(now), utcExpiresAt: null };
  return withTickets(after, codes);
}

/** A confirmation (OCTO). A product that is not confirmed instantly makes it PENDING until the supplier accepts or rejects. */
export function confirm(booking: BookingDocument, request: Confirmation, facts: UpdateFacts): Decision {
  const event = booking.product.instantConfirmation ? 'confirm' : 'request';
  return decide(booking, event, facts.now, (status) => {
    if (!bookingClock(booking, facts.now).confirmable) {
      return unprocessable('The cut-off has passed: the booking can no longer be confirmed.');
    }
    const changed = applied(booking, request, facts);
    if (!changed.ok) return changed;
    const contact = completed(changed.value.contact, facts.orderContact ?? null);
    const complete = withContact({ ...changed.value, contact });
    if (!complete.ok) return complete;
    return status === 'CONFIRMED'
      ? done(confirmed(complete.value, facts.now, facts.codes))
      : done({ ...complete.value, utcExpiresAt: null });
  });
}

/** The supplier accepts a PENDING booking. */
export function accept(booking: BookingDocument, now: number, codes: Codes): Decision {
  return decide(booking, 'accept', now, () => done(confirmed(booking, now, codes)));
}

/** The supplier rejects a PENDING booking. */
export function reject(booking: BookingDocument, reason: string | null, now: number): Decision {
  return decide(booking, 'reject', now, () => done({ ...booking, rejection: { reason, utcRejectedAt: utc(now) } }));
}
