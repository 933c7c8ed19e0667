import type { BookingDocument, Ticket } from '@carillon/contract';
import { done } from '../refusal.ts';
import { type Decision, decide } from './decision.ts';
import { utc } from './time.ts';

/** The guests have come: booking, unit items, voucher and tickets are redeemed (Ventrata octo/redemption). */
export function redeem(booking: BookingDocument, now: number): Decision {
  const utcRedeemedAt = utc(now);
  const redeemed = (ticket: Ticket | null) => ticket && { ...ticket, utcRedeemedAt };
  return decide(booking, 'redeem', now, () =>
    done({
      ...booking,
      utcRedeemedAt,
      voucher: redeemed(booking.voucher),
      unitItems: booking.unitItems.map((item) => ({ ...item, utcRedeemedAt, ticket: redeemed(item.ticket) })),
    }),
  );
}

/** The guests have not come (Ventrata NOSHOW). */
export function noShow(booking: BookingDocument, now: number): Decision {
  return decide(booking, 'noShow', now, () => done({ ...booking, utcNoshowedAt: utc(now) }));
}
