import type { ShownBooking } from '../facts.ts';
import { oneLine } from './text.ts';

/** So many tickets of one kind. */
export interface UnitCount {
  readonly count: number;
  readonly title: string;
}

/** The unit items of a booking that still stand. */
export function standingItems(booking: Pick<ShownBooking, 'status' | 'unitItems'>): ShownBooking['unitItems'] {
  if (booking.status === 'CANCELLED') return booking.unitItems;
  return booking.unitItems.filter((item) => item.status !== 'CANCELLED');
}

/** The tickets of a booking by kind, in the order in which the kinds first appear. */
export function unitsOf(booking: Pick<ShownBooking, 'status' | 'unitItems'>): UnitCount[] {
  const byUnit = new Map<string, UnitCount>();
  for (const { unitId, unit } of standingItems(booking)) {
    const count = (byUnit.get(unitId)?.count ?? 0) + 1;
    byUnit.set(unitId, { count, title: oneLine(unit.title) });
  }
  return [...byUnit.values()];
}

/** "3 × Adult, 1 × Child"; a number stays on the line of what it counts. */
export function unitsText(units: readonly UnitCount[]): string {
  return units.map(({ count, title }) => `${count}\u00a0×\u00a0${title}`).join(', ');
}
