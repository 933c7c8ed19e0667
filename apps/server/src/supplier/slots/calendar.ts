import type { AvailabilityStatus, Pricing } from '@carillon/contract';
import type { SlotStanding } from './availability.ts';

/** OCTO AvailabilityCalendar: one day of an option. It has `pricingFrom` when units were given or the product is priced per booking, else `unitPricingFrom`. */
export interface CalendarDay {
  readonly localDate: string;
  readonly available: boolean;
  readonly status: AvailabilityStatus;
  /** Of its open slots together; null: no limit. */
  readonly vacancies: number | null;
  readonly capacity: number | null;
  readonly openingHours: readonly { readonly from: string; readonly to: string }[];
  readonly unitPricingFrom?: readonly (Pricing & { readonly unitId: string })[];
  readonly pricingFrom?: Pricing;
}

const sumLimited = (amounts: readonly (number | null)[]) =>
  amounts.reduce((total, amount) => (total === null || amount === null ? null : total + amount), 0 as number | null);

/** A slot that is not past its cut-off can be booked if its status says so. */
const isOpen = ({ status }: SlotStanding) => status !== 'CLOSED' && status !== 'SOLD_OUT';

function dayStatus(
  slots: readonly SlotStanding[],
  capacity: number | null,
  vacancies: number | null,
): AvailabilityStatus {
  const open = slots.filter(isOpen);
  if (open.length === 0) return slots.some((slot) => slot.status === 'SOLD_OUT') ? 'SOLD_OUT' : 'CLOSED';
  if (open.some((slot) => slot.status === 'FREESALE')) return 'FREESALE';
  return capacity !== null && vacancies !== null && vacancies * 2 < capacity ? 'LIMITED' : 'AVAILABLE';
}

/**
 * A day of the calendar from those of its slots that are not past their cut-off. Without an open one it has no places.
 * `openingHours` are those of the schedule, also when it is too late for today.
 */
export function calendarDay(
  localDate: string,
  slots: readonly SlotStanding[],
  openingHours: CalendarDay['openingHours'],
  prices: Pick<CalendarDay, 'unitPricingFrom' | 'pricingFrom'>,
): CalendarDay {
  const open = slots.filter((slot) => slot.status !== 'CLOSED');
  const capacity = sumLimited(open.map((slot) => slot.capacity));
  const vacancies = sumLimited(open.map((slot) => slot.vacancies));
  return {
    localDate,
    available: slots.some(isOpen),
    status: dayStatus(slots, capacity, vacancies),
    vacancies,
    capacity,
    openingHours,
    ...prices,
  };
}
