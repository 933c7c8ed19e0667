import type { AvailabilityDocument, BookingDocument, DocumentOf, EventType } from '@carillon/contract';

/** A document as it is now, of the type that a webhook is told of. */
export type Current = {
  readonly [T in EventType]: { readonly type: T; readonly document: DocumentOf[T] };
}[EventType];

/** The id of a document's subject, as its events have it. */
export function subjectIdOf({ type, document }: Current): string {
  switch (type) {
    case 'booking_update':
      return (document as BookingDocument).uuid;
    case 'availability_update': {
      const { productId, optionId, id } = document as AvailabilityDocument;
      return `${productId}/${optionId}/${id}`;
    }
    default:
      return document.id;
  }
}
