import { z } from 'zod';
import type { ShownBooking } from '../facts.ts';
import { oneLine } from './text.ts';

const text = z.string().nullish().catch(null);
/** What of a booking is about its pickup (octo/pickups; `pickupHotel` and its room are Ventrata's): other systems' bookings may have it. */
const pickupSchema = z.object({
  pickupRequested: z.boolean().nullish().catch(null),
  pickupPoint: z.object({ name: text, address: text }).nullish().catch(null),
  pickupHotel: text,
  pickupHotelRoom: text,
});

/** Where the guest is picked up, in one line; null for a guest who is not. */
export function pickupOf(booking: ShownBooking): string | null {
  const { pickupRequested, pickupPoint, pickupHotel, pickupHotelRoom } = pickupSchema.parse(booking);
  if (pickupRequested === false) return null;
  const parts = [pickupPoint?.name, pickupPoint?.address, pickupHotel, pickupHotelRoom];
  return (
    parts
      .map((part) => oneLine(part ?? ''))
      .filter((part) => part !== '')
      .join(', ') || null
  );
}
