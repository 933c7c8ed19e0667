import {
  type AnyDocument,
  type AvailabilityDocument,
  type BookingDocument,
  type EventType,
  objectKeys,
} from '@carillon/contract';

/** What a thin payload says of its object: ids, and where the whole of it is to be had, at the supplier's `endpoint` (its OCTO API). */
export function thinBody(
  event: { readonly type: EventType; readonly after: AnyDocument; readonly position: number },
  endpoint: string,
): string {
  const object = JSON.stringify(thinObject(event.type, event.after, endpoint));
  return `"${objectKeys[event.type]}":${object},"position":${event.position}`;
}

function thinObject(type: EventType, document: AnyDocument, endpoint: string): Readonly<Record<string, string>> {
  const at = (path: string, id?: string) =>
    `${endpoint}/${path}${id === undefined ? '' : `/${encodeURIComponent(id)}`}`;
  switch (type) {
    case 'booking_update': {
      const { id, uuid } = document as BookingDocument;
      return { id, uuid, url: at('bookings', uuid) };
    }
    case 'order_update':
      return { id: (document as { readonly id: string }).id, url: at('orders', (document as { id: string }).id) };
    case 'product_update':
      return { id: (document as { readonly id: string }).id, url: at('products', (document as { id: string }).id) };
    case 'availability_update': {
      // A slot has no address of its own: these are the ids to ask for (POST, OCTO).
      const { productId, optionId, id } = document as AvailabilityDocument;
      return { productId, optionId, id, url: at('availability') };
    }
  }
}
