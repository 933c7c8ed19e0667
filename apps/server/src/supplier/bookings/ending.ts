import { type BookingDocument, bookingClock, holdElapsed } from '@carillon/contract';
import { done, unprocessable } from '../refusal.ts';
import type { CancellationRequest, Extension } from '../request.ts';
import { type Decision, decide } from './decision.ts';
import { refundOf, refundPercent } from './refund.ts';
import { holdUntil, utc } from './time.ts';

/**
 * A longer hold (OCTO extend), up to `lastExpiry`. It never becomes shorter: an extension to an earlier time changes nothing.
 */
export function extend(booking: BookingDocument, request: Extension, holdSeconds: number, now: number): Decision {
  return decide(booking, 'extend', now, () => {
    const until = holdUntil(booking, now, request.expirationMinutes, holdSeconds);
    if (!until.ok) return until;
    const earlier = booking.utcExpiresAt !== null && until.value <= Date.parse(booking.utcExpiresAt);
    return done(earlier ? booking : { ...booking, utcExpiresAt: utc(until.value) });
  });
}

/**
 * A cancellation (OCTO): of a hold at any time, of a confirmed booking until its cut-off, with the refund that its option's
 * policy says; past the cut-off only with `force`, and without a refund.
 */
export function cancel(booking: BookingDocument, request: CancellationRequest, now: number): Decision {
  return decide(booking, 'cancel', now, () => {
    const { cancellable } = bookingClock(booking, now);
    if (!cancellable && request.force !== true) {
      return unprocessable('The cut-off has passed: the booking can no longer be cancelled.');
    }
    return done({
      ...booking,
      utcExpiresAt: null,
      emailReceipt: request.emailReceipt ?? booking.emailReceipt,
      cancellation: {
        // Of what was not confirmed, nothing is kept.
        refund: refundOf(booking.utcConfirmedAt === null ? 100 : refundPercent(booking, now)),
        reason: request.reason ?? null,
        utcCancelledAt: utc(now),
      },
    });
  });
}

/**
 * The end of a hold's time. `cancellation` is filled, without a refund: OCTO allows null, but its validator wants the
 * object of an EXPIRED booking too. A hold that has time left stays as it is.
 */
export function expire(booking: BookingDocument, now: number): Decision {
  return decide(booking, 'expire', now, () => {
    if (!holdElapsed(booking, now)) return done(booking);
    return done({ ...booking, cancellation: { refund: 'NONE', reason: null, utcCancelledAt: utc(now) } });
  });
}
