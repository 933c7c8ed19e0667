import type { BookingDocument } from '@carillon/contract';
import type { ProductDefinition } from '../../../src/supplier/index.ts';
import type { Stage } from '../stage.ts';
import type { CatalogueChange } from './operation.ts';

/** Slots of the rowing boat. What is confirmed of the last of them is past its cut-off. */
export const slots = (stage: Stage) =>
  ['2026-06-10', '2026-06-12', '2026-06-13', '2026-06-14', '2026-06-01'].map((date) => {
    const { productId, optionId, availabilityId } = stage.rowing({ date });
    return { productId, optionId, availabilityId: availabilityId! };
  });

/** The cruise that bookings of the boat are exchanged for. */
export const cruise = (stage: Stage) => stage.cruise({ date: '2026-06-13' });

const cutoff = { cancellationCutoffAmount: 12, cancellationCutoffUnit: 'hour' } as const;
/** What is cancelled of the first of the slots gives back half, of the last nothing, of the others everything. */
const policy = [
  { untilHoursBefore: 24 * 10, refundPercent: 100 },
  { untilHoursBefore: 1, refundPercent: 50 },
];
const percents = new Map([
  ['2026-06-10', 50],
  ['2026-06-01', 0],
]);
export const percentBack = ({ availabilityId }: BookingDocument) => percents.get(availabilityId!.slice(0, 10)) ?? 100;

/** The rowing boat as its operator has it at first, from the sample's definition. */
export function boat(sample: ProductDefinition): ProductDefinition {
  const options = sample.options.map((option) => ({ ...option, ...cutoff, cancellationPolicy: policy }));
  return { ...sample, options };
}

const always = { from: null, to: null };
const june = { from: '2026-06-12', to: '2026-06-13' };

/** The rowing boat with one thing changed. */
export function changed(product: ProductDefinition, change: CatalogueChange): ProductDefinition {
  const [option] = product.options;
  if (option === undefined || option.schedule.type !== 'START_TIME') throw new Error('The boat has no departures');
  const { schedule, units } = option;
  const having = (part: Partial<typeof option>) => ({ ...product, options: [{ ...option, ...part }] });
  switch (change) {
    case 'as it was':
      return product;
    case 'price': {
      const dearer = units.map((unit) => ({
        ...unit,
        prices: unit.prices.map((price) => ({ ...price, original: price.original + 100, retail: price.retail + 100 })),
      }));
      return having({ units: dearer });
    }
    case 'capacity':
      return having({ capacities: [{ weekdays: [1, 3, 5], startTimes: null, season: always, capacity: 8 }] });
    case 'closure':
      return having({ closures: [june] });
    case 'times':
      return having({ schedule: { ...schedule, startTimes: ['18:30', '20:00'] } });
    case 'season':
      return having({ seasons: [{ ...schedule, startTimes: ['19:00'], season: june }] });
    case 'title':
      return { ...product, title: { $text: { en: 'Rowing, and a lantern' } } };
  }
}
