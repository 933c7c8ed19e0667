import type { BookingDocument, DeliveryFormat, ProductDocument, Ticket } from '@carillon/contract';
import type { Codes } from './codes.ts';

/** The formats that carry a code itself; the others are addresses of files, which we do not make. */
const codeFormats: readonly DeliveryFormat[] = ['QRCODE', 'CODE128', 'AZTECCODE'];

/** A ticket as it stands, with the code once it has one; all formats of one ticket carry the same code. */
function issued(before: Ticket | null, product: ProductDocument, code: (() => string) | undefined): Ticket {
  const formats = product.deliveryFormats.filter((format) => codeFormats.includes(format));
  const known = before?.deliveryOptions[0]?.deliveryValue;
  const deliveryValue = known ?? code?.();
  return {
    redemptionMethod: product.redemptionMethod,
    utcRedeemedAt: before?.utcRedeemedAt ?? null,
    deliveryOptions:
      deliveryValue === undefined ? [] : formats.map((deliveryFormat) => ({ deliveryFormat, deliveryValue })),
  };
}

type Ticketed = Pick<BookingDocument, 'product' | 'deliveryMethods' | 'testMode' | 'status' | 'voucher' | 'unitItems'>;

/**
 * A booking with the voucher and tickets that its product's delivery methods call for (OCTO: an object from the start, null
 * for a method that is not used). Once it is CONFIRMED each has a code, which it then keeps.
 */
export function withTickets<B extends Ticketed>(booking: B, codes: Codes): B {
  const { product, deliveryMethods, testMode } = booking;
  const code = booking.status === 'CONFIRMED' ? () => codes.ticket(testMode) : undefined;
  const voucher = deliveryMethods.includes('VOUCHER') ? issued(booking.voucher, product, code) : null;
  const unitItems = booking.unitItems.map((item) => ({
    ...item,
    ticket: deliveryMethods.includes('TICKET') ? issued(item.ticket, product, code) : null,
  }));
  return { ...booking, voucher, unitItems };
}
