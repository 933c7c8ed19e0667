import type { BookingDocument, BookingStatus } from '@carillon/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findOffer } from '../catalogue/catalogue.ts';
import { productDocument } from '../catalogue/product.ts';
import { cruise } from '../sample/cruise.ts';
import { untouched } from '../slots/availability.ts';
import { createCodes } from './codes.ts';
import { accept, confirm, reject } from './confirmation.ts';
import type { Decision } from './decision.ts';
import { cancel, expire, extend } from './ending.ts';
import { holdOf } from './hold.ts';
import { findChoice } from './snapshot.ts';
import { type BookingEvent, bookingEvents, repeats, statusAt, transitions } from './state.ts';
import { update } from './update.ts';
import { noShow, redeem } from './visit.ts';

const statuses = Object.keys(transitions) as BookingStatus[];
const start = Date.UTC(2026, 5, 1, 8);
const minute = 60_000;
let made = 0;
const newId = () => `id-${made++}`;
const codes = createCodes((bytes) => new Uint8Array(bytes));

function hold(instantConfirmation: boolean): BookingDocument {
  const definition = { ...cruise, instantConfirmation };
  const catalogue = new Map([[cruise.id, { definition, document: productDocument(definition) }]]);
  const ids = {
    productId: cruise.id,
    optionId: cruise.options[0]?.id ?? '',
    availabilityId: '2026-06-01T14:00:00+02:00',
  };
  const choice = findChoice(catalogue, ids);
  const offer = findOffer(catalogue, ids.productId, ids.optionId);
  if (!choice.ok || !offer.ok) throw new Error('The sample has no such slot');
  const unitId = offer.value.option.units[0]?.id ?? '';
  const contact = { firstName: 'Ada', lastName: 'Byron', emailAddress: 'ada@example.com' };
  const request = { ...ids, unitItems: [{ unitId }, { unitId }], testMode: false, contact };
  const facts = {
    choice: choice.value,
    slot: untouched,
    orderCurrency: undefined,
    holdSeconds: 30 * 60,
    takenUuids: new Set<string>(),
    now: start,
    newId,
    codes,
  };
  const result = holdOf(request, facts);
  if (!result.ok) throw new Error(JSON.stringify(result.refusal));
  return { ...result.value, orderId: 'order', orderReference: 'REF', primary: true };
}

function happen(booking: BookingDocument, event: BookingEvent, now: number): Decision {
  const facts = { catalogue: new Map(), slot: untouched, takenUuids: new Set<string>(), now, newId, codes };
  switch (event) {
    case 'update':
      return update(booking, { notes: `at ${now}` }, facts);
    case 'confirm':
    case 'request':
      return confirm(booking, {}, facts);
    case 'extend':
      return extend(booking, { expirationMinutes: 30 }, 60, now);
    case 'cancel':
      return cancel(booking, { reason: 'Rain' }, now);
    case 'accept':
      return accept(booking, now, codes);
    case 'reject':
      return reject(booking, 'Full', now);
    case 'expire':
      return expire(booking, now);
    case 'redeem':
      return redeem(booking, now);
    case 'noShow':
      return noShow(booking, now);
  }
}

describe('the state machine', () => {
  it('leads to these statuses and no others', () => {
    const table = statuses.map((status) => {
      const to = bookingEvents.flatMap((event) => {
        const next = transitions[status][event];
        return next === undefined || repeats(status, event) ? [] : [`${event} ${next}`];
      });
      return [status, to.join(', ')];
    });
    expect(Object.fromEntries(table)).toEqual({
      ON_HOLD: 'update ON_HOLD, extend ON_HOLD, confirm CONFIRMED, request PENDING, cancel CANCELLED, expire EXPIRED',
      PENDING: 'update PENDING, accept CONFIRMED, reject REJECTED, cancel CANCELLED',
      CONFIRMED: 'update CONFIRMED, cancel CANCELLED, redeem REDEEMED, noShow NOSHOW',
      REDEEMED: '',
      NOSHOW: '',
      CANCELLED: '',
      EXPIRED: '',
      REJECTED: '',
    });
  });

  it('holds in every sequence of events: each booking is what its status says', () => {
    const step = fc.record({
      event: fc.constantFrom(...bookingEvents),
      minutes: fc.oneof({ weight: 4, arbitrary: fc.nat(9) }, fc.nat(400)),
    });
    fc.assert(
      fc.property(fc.boolean(), fc.array(step, { maxLength: 12 }), (instant, steps) => {
        let booking = hold(instant);
        let now = start;
        for (const { event, minutes } of steps) {
          now += minutes * minute;
          const from = event === 'expire' ? booking.status : statusAt(booking, now);
          const kind = event === 'confirm' && !instant ? 'request' : event === 'request' && instant ? 'confirm' : event;
          const before = structuredClone(booking);
          const decision = happen(booking, event, now);
          expect(booking).toEqual(before);
          const to = transitions[from][kind];
          if (to === undefined) expect(decision.ok).toBe(false);
          if (!decision.ok) continue;
          const after = decision.value;
          if (repeats(from, kind)) expect(after).toBe(booking);
          if (after === booking) continue;
          expect(after.status).toBe(to);
          expect(Date.parse(after.utcUpdatedAt)).toBeGreaterThan(Date.parse(booking.utcUpdatedAt));
          expectSound(after);
          booking = after;
        }
      }),
      { numRuns: 300 },
    );
  });
});

function expectSound(booking: BookingDocument): void {
  const { status } = booking;
  const visited = status === 'REDEEMED' || status === 'NOSHOW';
  const confirmed = status === 'CONFIRMED' || visited;
  expect(new Set(booking.unitItems.map((item) => item.status))).toEqual(new Set([status]));
  if (confirmed) expect(booking.utcConfirmedAt).not.toBeNull();
  if (status === 'ON_HOLD' || status === 'PENDING') expect(booking.utcConfirmedAt).toBeNull();
  expect(booking.utcExpiresAt !== null).toBe(status === 'ON_HOLD' || status === 'EXPIRED');
  expect(booking.cancellation !== null).toBe(status === 'CANCELLED' || status === 'EXPIRED');
  expect(booking.rejection !== null).toBe(status === 'REJECTED');
  expect(booking.utcRedeemedAt !== null).toBe(status === 'REDEEMED');
  expect(booking.utcNoshowedAt !== null).toBe(status === 'NOSHOW');
  expect(booking.voucher?.deliveryOptions.length).toBe(booking.utcConfirmedAt === null ? 0 : 1);
  expect(booking.voucher?.utcRedeemedAt !== null).toBe(status === 'REDEEMED');
  if (status !== 'ON_HOLD') expect(booking.confirmable).toBe(false);
}
