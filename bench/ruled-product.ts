import type { OptionDefinition, ProductDefinition } from '../apps/server/src/supplier/index.ts';

/** An option of twenty departures a day, with fifty rules of capacity, each for all of them, and fifty closures. */
function ruledOption(option: OptionDefinition, first: number): OptionDefinition {
  const dayFrom = (index: number): string => new Date(first + index * 86_400_000).toISOString().slice(0, 10);
  const startTimes = Array.from({ length: 20 }, (_, index) => `${String(index + 4).padStart(2, '0')}:00`);
  const weekdays = [1, 2, 3, 4, 5, 6, 7];
  const season = { from: null, to: null };
  const days = Array.from({ length: 50 }, (_, index) => index * 7);
  return {
    ...option,
    schedule: { type: 'START_TIME', startTimes, durationMinutes: 60, weekdays, capacity: 20, season },
    seasons: [],
    capacities: days.map((day) => ({
      season: { from: dayFrom(day), to: dayFrom(day + 60) },
      weekdays,
      startTimes,
      capacity: 10 + day,
    })),
    closures: days.map((day) => ({ from: dayFrom(day), to: dayFrom(day) })),
  };
}

/** A product with one option of twenty departures a day, with fifty rules of capacity and fifty closures from a day on (ms UTC). */
export function ruledProduct(product: ProductDefinition, first: number): ProductDefinition {
  const [option] = product.options;
  if (option === undefined) throw new Error('The sample has no option');
  return { ...product, id: 'ruled', options: [ruledOption({ ...option, default: true }, first)] };
}
