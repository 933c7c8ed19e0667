import type { AvailabilityDocument } from '@carillon/contract';
import { catalogueOf, findOffer, type Offer } from '../catalogue/catalogue.ts';
import type { ProductDefinition } from '../catalogue/definition.ts';
import { type SlotPrices, type SlotState, slotDocument, slotPrices } from './availability.ts';
import { type ScheduledSlot, scheduledSlots } from './schedule.ts';

/** Days of an option, YYYY-MM-DD, both included. */
export interface Days {
  readonly from: string;
  readonly to: string;
}

/** Some days of an option as a definition of its product has them. */
export interface Stretch {
  /** By id, in order of time; none where the option does not take place. */
  readonly slots: ReadonlyMap<string, ScheduledSlot>;
  /** How a slot of it in a state looks at `now` (ms UTC); undefined when it is not scheduled. */
  show(id: string, state: SlotState, now: number): AvailabilityDocument | undefined;
}

const empty: Stretch = { slots: new Map(), show: () => undefined };

function offerOf(definition: ProductDefinition | undefined, optionId: string): Offer | undefined {
  const found = findOffer(catalogueOf(definition), definition?.id ?? '', optionId);
  return found.ok ? found.value : undefined;
}

/** Works out some days of an option; undefined stands for a product that is not there. Its slots share their prices. */
export function stretchOf(definition: ProductDefinition | undefined, optionId: string, days: Days): Stretch {
  const offer = offerOf(definition, optionId);
  if (offer === undefined) return empty;
  const scheduled = scheduledSlots(offer.definition.timeZone, offer.scheduled, days.from, days.to);
  const slots = new Map(scheduled.map((slot) => [slot.id, slot]));
  const prices: SlotPrices = slotPrices(offer);
  return {
    slots,
    show(id, state, now) {
      const slot = slots.get(id);
      return slot && slotDocument(offer, slot, state, prices, now);
    },
  };
}

/** The most slots that an option can have on a day. */
export function slotsPerDay(definition: ProductDefinition | undefined, optionId: string): number {
  const option = definition?.options.find((each) => each.id === optionId);
  if (option === undefined) return 0;
  const schedules = [option.schedule, ...(option.seasons ?? [])];
  return Math.max(...schedules.map((each) => (each.type === 'START_TIME' ? each.startTimes.length : 1)));
}
