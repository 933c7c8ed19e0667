import type { BookingDocument } from '@carillon/contract';
import type { RecordedEvent } from '../../changes/index.ts';
import type { RecoveryTokens } from './token.ts';

/** A booking that was made with the link of a recovery e-mail. */
export interface Recovered {
  readonly bookingUuid: string;
  readonly supplierId: string;
  readonly messageId: string;
  readonly orderId: string;
  /** What it is worth: value × 10^precision. */
  readonly amount: number;
  readonly currency: string;
  readonly currencyPrecision: number;
  /** ms UTC. */
  readonly recoveredAt: number;
}

/**
 * The bookings that were confirmed by these events and carry the token of a recovery: the checkout puts it into `resellerReference` or
 * into `notes` of the booking, on its own or with other text around it. Test bookings recover nothing.
 */
export function recoveredBy(events: readonly RecordedEvent[], tokens: Pick<RecoveryTokens, 'read'>): Recovered[] {
  return events.flatMap((event): Recovered[] => {
    if (event.type !== 'booking_update') return [];
    const [before, after] = [event.before as BookingDocument | null, event.after as BookingDocument];
    if (after.status !== 'CONFIRMED' || before?.status === 'CONFIRMED' || after.testMode) return [];
    const messageId = tokens.read(`${after.resellerReference ?? ''} ${after.notes ?? ''}`);
    if (messageId === undefined) return [];
    const { retail: amount, currency, currencyPrecision } = after.pricing;
    const { subjectId: bookingUuid, supplierId, createdAt: recoveredAt } = event;
    return [
      { bookingUuid, supplierId, messageId, orderId: after.orderId, amount, currency, currencyPrecision, recoveredAt },
    ];
  });
}
