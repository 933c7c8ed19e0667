import {
  type AvailabilityDocument,
  type BookingDocument,
  followsClock,
  type ProductDocument,
} from '@carillon/contract';
import { diff, type Json } from '@carillon/diff';
import type { RecordedEvent } from '../../changes/index.ts';
import type { View } from './view.ts';

/**
 * What a notification says (octo/notifications): as much as fetching the object takes, and nothing of it. Undefined when nothing
 * changed for anybody, whatever their capabilities and language, apart from `utcUpdatedAt` and what follows the clock.
 */
export function renderNotification(event: RecordedEvent, language: string): View | undefined {
  if (event.before === null) return undefined;
  const operations = diff(event.before as unknown as Json, event.after as unknown as Json, {
    ignore: (path) => path.at(-1) === 'utcUpdatedAt' || followsClock(event.type, path),
  });
  if (operations.length === 0) return undefined;
  return { language, body: `"data":${JSON.stringify(dataOf(event))}` };
}

function dataOf({ type, after }: RecordedEvent): Readonly<Record<string, string>> {
  switch (type) {
    case 'booking_update':
      return { uuid: (after as BookingDocument).uuid };
    case 'product_update':
      return { productId: (after as ProductDocument).id };
    case 'availability_update': {
      const { productId, optionId, id, localDateTimeStart } = after as AvailabilityDocument;
      const localDate = localDateTimeStart.slice(0, 10);
      // By the id or by the date: whichever the receiver asks for.
      return { productId, optionId, availabilityId: id, localDateStart: localDate, localDateEnd: localDate };
    }
    case 'order_update':
      throw new Error('There is no notification of orders');
  }
}
