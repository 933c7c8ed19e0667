import type { BookingStatus } from '@carillon/contract';
import { expect, test } from 'vitest';
import { unexpected } from '../supplier/stage.ts';
import { onEachEngine } from '../support/databases.ts';
import { type Answer, guest, minuteMs, ok, openStage, type Stage } from './stage.ts';

/** What a call makes of a booking: its status then, or OCTO's error. */
type Outcome = BookingStatus | 'INVALID_BOOKING_UUID' | 'UNPROCESSABLE_ENTITY';

const calls = {
  update: ['PATCH', '', { notes: 'late' }],
  extend: ['POST', '/extend', { expirationMinutes: 120 }],
  confirm: ['POST', '/confirm', { contact: guest }],
  cancel: ['POST', '/cancel', { reason: 'rain' }],
  delete: ['DELETE', '', undefined],
} as const;

/** The state machine as a client of the API meets it. */
const rows: Readonly<Record<BookingStatus, Readonly<Record<keyof typeof calls, Outcome>>>> = {
  ON_HOLD: {
    update: 'ON_HOLD',
    extend: 'ON_HOLD',
    confirm: 'CONFIRMED',
    cancel: 'CANCELLED',
    delete: 'CANCELLED',
  },
  CONFIRMED: {
    update: 'CONFIRMED',
    extend: 'UNPROCESSABLE_ENTITY',
    confirm: 'CONFIRMED',
    cancel: 'CANCELLED',
    delete: 'CANCELLED',
  },
  PENDING: {
    update: 'PENDING',
    extend: 'UNPROCESSABLE_ENTITY',
    confirm: 'PENDING',
    cancel: 'CANCELLED',
    delete: 'CANCELLED',
  },
  EXPIRED: {
    update: 'UNPROCESSABLE_ENTITY',
    extend: 'UNPROCESSABLE_ENTITY',
    confirm: 'INVALID_BOOKING_UUID',
    cancel: 'UNPROCESSABLE_ENTITY',
    delete: 'UNPROCESSABLE_ENTITY',
  },
  CANCELLED: {
    update: 'UNPROCESSABLE_ENTITY',
    extend: 'UNPROCESSABLE_ENTITY',
    confirm: 'UNPROCESSABLE_ENTITY',
    cancel: 'CANCELLED',
    delete: 'CANCELLED',
  },
  REJECTED: {
    update: 'UNPROCESSABLE_ENTITY',
    extend: 'UNPROCESSABLE_ENTITY',
    confirm: 'UNPROCESSABLE_ENTITY',
    cancel: 'UNPROCESSABLE_ENTITY',
    delete: 'UNPROCESSABLE_ENTITY',
  },
  REDEEMED: {
    update: 'UNPROCESSABLE_ENTITY',
    extend: 'UNPROCESSABLE_ENTITY',
    confirm: 'UNPROCESSABLE_ENTITY',
    cancel: 'UNPROCESSABLE_ENTITY',
    delete: 'UNPROCESSABLE_ENTITY',
  },
  NOSHOW: {
    update: 'UNPROCESSABLE_ENTITY',
    extend: 'UNPROCESSABLE_ENTITY',
    confirm: 'UNPROCESSABLE_ENTITY',
    cancel: 'UNPROCESSABLE_ENTITY',
    delete: 'UNPROCESSABLE_ENTITY',
  },
};

/** Leads a new booking of the museum or the cruise to a status, over the API as far as it has the call. */
async function bookingThatIs(status: BookingStatus, stage: Stage): Promise<string> {
  const { octo, supplier, website } = stage;
  const { uuid } = await ok(octo.website('POST', '/bookings', stage.cruise()));
  const confirm = () => ok(octo.website('POST', `/bookings/${uuid}/confirm`, { contact: guest }));
  switch (status) {
    case 'ON_HOLD':
      break;
    case 'CONFIRMED':
    case 'PENDING':
      await confirm();
      break;
    case 'CANCELLED':
      await ok(octo.website('POST', `/bookings/${uuid}/cancel`));
      break;
    case 'EXPIRED':
      stage.clock.now += 31 * minuteMs;
      await supplier.expireHolds(100, unexpected);
      break;
    case 'REJECTED':
      await confirm();
      await supplier.reject(website, uuid, 'low tide');
      break;
    case 'REDEEMED':
      await confirm();
      await supplier.redeem(website, uuid);
      break;
    case 'NOSHOW':
      await confirm();
      await supplier.noShow(website, uuid);
      break;
  }
  expect(await ok(octo.website('GET', `/bookings/${uuid}`))).toMatchObject({ status });
  return uuid;
}

/** Makes the cruise a product that the supplier confirms by hand. */
async function confirmByHand({ supplier, sample, definition }: Stage): Promise<void> {
  const saved = await supplier.saveProduct(sample.supplierId, {
    ...(await definition('cruise')),
    instantConfirmation: false,
  });
  expect(saved.ok).toBe(true);
}

const outcomeOf = ({ status, body }: Answer): Outcome => {
  expect(status).toBe(body.error === undefined ? 200 : 400);
  if (body.error === 'INVALID_BOOKING_UUID') expect(body.uuid).toEqual(expect.any(String));
  return body.error ?? body.status;
};

onEachEngine('the states of a booking, over OCTO', (open) => {
  test.each(Object.keys(rows) as BookingStatus[])('a booking that is %s', async (status) => {
    const stage = await openStage(await open());
    if (status === 'PENDING' || status === 'REJECTED') await confirmByHand(stage);
    for (const [call, [method, path, body]] of Object.entries(calls)) {
      const uuid = await bookingThatIs(status, stage);
      const recorded = (await stage.events()).length;
      const outcome = outcomeOf(await stage.octo.website(method, `/bookings/${uuid}${path}`, body));
      expect(`${call}: ${outcome}`).toBe(`${call}: ${rows[status][call as keyof typeof calls]}`);
      const after = await ok(stage.octo.website('GET', `/bookings/${uuid}`));
      const repeated = (call === 'confirm' || call === 'cancel' || call === 'delete') && outcome === status;
      if (outcome === after.status) expect((await stage.events()).length > recorded).toBe(!repeated);
      else
        expect({ status: after.status, events: (await stage.events()).length }).toEqual({ status, events: recorded });
    }
    expect(stage.faults).toEqual([]);
  });

  test('a hold past its time cannot be confirmed, though nobody has swept it', async () => {
    const stage = await openStage(await open());
    const uuid = await bookingThatIs('ON_HOLD', stage);
    stage.clock.now += 30 * minuteMs;
    const confirm = await stage.octo.website('POST', `/bookings/${uuid}/confirm`, { contact: guest });
    expect(confirm.body).toMatchObject({ error: 'INVALID_BOOKING_UUID', uuid });
    expect(await ok(stage.octo.website('GET', `/bookings/${uuid}`))).toMatchObject({ confirmable: false });
  });

  test('past the cut-off a booking is neither updated nor cancelled, except by force and without a refund', async () => {
    const stage = await openStage(await open());
    const uuid = await bookingThatIs('CONFIRMED', stage);
    stage.clock.now = Date.parse('2026-06-10T14:00:00+02:00') - 30 * minuteMs;
    expect(await ok(stage.octo.website('GET', `/bookings/${uuid}`))).toMatchObject({
      cancellable: false,
      updatable: false,
    });
    for (const [method, path, body] of [calls.update, calls.cancel, calls.delete]) {
      expect(outcomeOf(await stage.octo.website(method, `/bookings/${uuid}${path}`, body))).toBe(
        'UNPROCESSABLE_ENTITY',
      );
    }
    const forced = await ok(stage.octo.website('POST', `/bookings/${uuid}/cancel`, { force: true, reason: 'ill' }));
    expect(forced).toMatchObject({ status: 'CANCELLED', cancellation: { refund: 'NONE', reason: 'ill' } });
  });
});
