import type { BookingDocument } from '@carillon/contract';

type Wanted = Pick<BookingDocument, 'productId' | 'optionId'> & {
  readonly availability: { readonly localDateTimeStart: string } | null;
};

/**
 * Where a guest whose hold ran out can book again: the supplier's checkout URL with `product`, `option` and `date` (YYYY-MM-DD) in its
 * query, and what tells that it was this link (`recovery`), where there is such a thing. Null without a checkout URL, or with one that is
 * not http or https.
 */
export function recoveryUrl(checkoutUrl: string | null, booking: Wanted, token: string | null = null): string | null {
  if (checkoutUrl === null || !URL.canParse(checkoutUrl)) return null;
  const url = new URL(checkoutUrl);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return null;
  url.searchParams.set('product', booking.productId);
  url.searchParams.set('option', booking.optionId);
  if (booking.availability !== null) url.searchParams.set('date', booking.availability.localDateTimeStart.slice(0, 10));
  if (token !== null) url.searchParams.set('recovery', token);
  return url.href;
}
