import { type DocumentOf, fieldCapabilityIds, view } from '@carillon/contract';

const everything = new Set(fieldCapabilityIds);

/**
 * A booking or an order as its operator sees it at `now` (ms UTC): as OCTO shows it with every capability, texts in the
 * supplier's language, and beside its fields the connection that it is of.
 */
export function shownToOperator<T extends 'booking_update' | 'order_update'>(
  type: T,
  document: DocumentOf[T],
  of: { readonly connectionId: string; readonly language: string },
  now: number,
): object {
  const { connectionId, language } = of;
  return { connectionId, ...view(type, document, { capabilities: everything, language, fallback: language }, now) };
}
