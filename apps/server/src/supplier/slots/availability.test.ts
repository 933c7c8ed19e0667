import { describe, expect, it } from 'vitest';
import type { Offer } from '../catalogue/catalogue.ts';
import { productDocument } from '../catalogue/product.ts';
import { cruise } from '../sample/cruise.ts';
import { groupOf, roomOf, slotDocument, slotForGroup, slotPrices, statusOf, untouched } from './availability.ts';
import { scheduledSlot } from './schedule.ts';

function sampleOffer(): Offer {
  const product = productDocument(cruise);
  const [option, scheduled] = [product.options[0], cruise.options[0]];
  if (option === undefined || scheduled === undefined) throw new Error('The sample has no option');
  return { definition: cruise, product, scheduled, option };
}

const offer = sampleOffer();
const found = scheduledSlot('Europe/Berlin', offer.scheduled, '2026-06-10T14:00:00+02:00');
if (found === undefined) throw new Error('The sample has no slot');
const slot = found;

describe('the status of a slot', () => {
  it('is LIMITED when less than half is left, and SOLD_OUT when nothing is', () => {
    expect(statusOf(false, 10, 10)).toBe('AVAILABLE');
    expect(statusOf(false, 10, 5)).toBe('AVAILABLE');
    expect(statusOf(false, 10, 4)).toBe('LIMITED');
    expect(statusOf(false, 10, 0)).toBe('SOLD_OUT');
    expect(statusOf(false, 0, 0)).toBe('SOLD_OUT');
    expect(statusOf(false, null, null)).toBe('FREESALE');
    expect(statusOf(true, 10, 10)).toBe('CLOSED');
  });

  it('never shows fewer than no vacancies, also when the schedule was cut below what is booked', () => {
    expect(roomOf({ ...slot, capacity: 5 }, { booked: 7, capacity: null, closed: false })).toEqual({
      capacity: 5,
      vacancies: 0,
    });
  });

  it('is available before the cut-off only', () => {
    const at = (now: number) => slotDocument(offer, slot, untouched, slotPrices(offer), now).available;
    expect(at(slot.cutoffAt - 1)).toBe(true);
    expect(at(slot.cutoffAt)).toBe(false);
  });
});

describe('a group that asks', () => {
  const document = slotDocument(offer, slot, { booked: 1_997, capacity: null, closed: false }, slotPrices(offer), 0);
  const adult = offer.option.units[0]?.id ?? '';

  it('sees a slot that has room for all of them, or one that is sold out', () => {
    const of = (quantity: number) => {
      const group = groupOf(offer, [{ id: adult, quantity }], 'EUR');
      if (!group.ok) throw new Error('refused');
      return slotForGroup(document, group.value);
    };
    expect(of(3)).toMatchObject({ status: 'LIMITED', available: true, pricing: { retail: 8_700 } });
    expect(of(4)).toMatchObject({ status: 'SOLD_OUT', available: false });
  });

  it('of any size is answered without delay', () => {
    const group = groupOf(offer, [{ id: adult, quantity: 1e12 }], 'EUR');
    expect(group).toMatchObject({ ok: true, value: { places: 1e12 } });
  });
});
