import { expect, test } from 'vitest';
import { onEachEngine } from '../support/databases.ts';
import { booking, contact, slot } from './bookings.ts';
import { edit } from './campaign-edits.ts';
import { createDesk, type Desk, given } from './desk.ts';

const held = booking();
const confirmed = booking({ status: 'CONFIRMED' });
const cancellation = { refund: 'FULL', reason: null, utcCancelledAt: '2026-11-23T10:00:00Z' } as const;
const cancelled = booking({ status: 'CANCELLED', cancellation });

onEachEngine('an e-mail about a visit', (open) => {
  const starts = Date.parse('2026-12-05T13:00:00Z');
  const day = 86_400_000;
  /** A desk at which a visit on 5 December at 14:00 was booked. */
  async function bookedVisit(open_: typeof open) {
    const desk = await createDesk(await open_());
    await desk.visits();
    await given(desk, held);
    await desk.happens(confirmed);
    await desk.settle();
    return desk;
  }
  const at = async (desk: Desk, time: number) => {
    desk.clock.now = time;
    await desk.visits();
  };

  test('leaves at its moment, once', async () => {
    const desk = await bookedVisit(open);
    await at(desk, starts - day - 1);
    expect(await desk.subjects()).toHaveLength(1);
    await at(desk, starts - day);
    await at(desk, starts - day + 60_000);
    expect((await desk.subjects()).slice(1)).toEqual(['See you soon: Harbour cruise, Saturday, 5 December 2026']);
    const [, mail] = await desk.mails();
    expect(mail?.text).toContain('Pier 4');
  });

  test('moves with the visit, and is stopped by its cancellation', async () => {
    const desk = await bookedVisit(open);
    const moved = booking({ status: 'CONFIRMED', availability: slot('2026-12-08T14:00:00+01:00') });
    await desk.happens(moved);
    await desk.settle();
    await at(desk, starts - day);
    expect(await desk.subjects()).toHaveLength(2);
    await at(desk, starts + 2 * day);
    expect((await desk.subjects())[2]).toBe('See you soon: Harbour cruise, Tuesday, 8 December 2026');
    await desk.happens({ ...moved, status: 'CANCELLED', cancellation });
    await desk.settle();
    await at(desk, starts + 5 * day);
    expect(await desk.subjects()).toHaveLength(4);
    // Of a visit that does not take place nothing is owed, not even an e-mail that is skipped.
    expect((await desk.messages()).map(({ kind }) => kind).sort()).toEqual(['news', 'news', 'news', 'visit']);
  });

  test('that was opened is not sent when its visit is cancelled before it leaves', async () => {
    const desk = await bookedVisit(open);
    await edit(desk, 'reminder', { quietHours: { from: '13:00', to: '15:00' } });
    await at(desk, starts - day);
    expect(await desk.messages()).toMatchObject([{ campaign: 'reminder', state: 'settling' }, {}]);
    await desk.happens(cancelled);
    await desk.settle();
    await at(desk, starts - day + 3_600_000);
    const [reminder] = (await desk.messages()).filter(({ campaign }) => campaign === 'reminder');
    expect(reminder).toMatchObject({ state: 'skipped', reason: 'The visit was cancelled or moved to another day.' });
  });

  test('whose moment passed before the booking is not sent', async () => {
    const desk = await createDesk(await open());
    await desk.visits();
    desk.clock.now = starts - day - 3_600_000;
    await desk.visits();
    desk.clock.now = starts - day + 30_000;
    await given(desk, held);
    await desk.happens(confirmed);
    await desk.settle();
    await at(desk, starts - day + 50_000);
    expect(await desk.subjects()).toHaveLength(1);
  });

  test('thanks a guest who agreed to marketing, when the visit is over', async () => {
    const desk = await createDesk(await open());
    await desk.visits();
    const willing = { ...contact, allowMarketing: true };
    await given(desk, booking({ contact: willing }));
    await edit(desk, 'review request', { link: 'https://reviews.example/harbour' });
    await desk.visits();
    await desk.happens(booking({ status: 'CONFIRMED', contact: willing }));
    await desk.settle();
    await desk.happens(booking({ status: 'REDEEMED', contact: willing }));
    await at(desk, starts + day + 2 * 3_600_000);
    const mail = (await desk.mails()).at(-1);
    expect(mail?.subject).toMatch(/^Thank you for your visit/);
    expect(mail?.text).toContain('https://reviews.example/harbour');
    expect(mail?.headers.has('list')).toBe(true);
  });

  test('is one for all visits of an order on a day', async () => {
    const desk = await createDesk(await open());
    await desk.visits();
    const later = { uuid: 'b-2', availability: slot('2026-12-05T18:00:00+01:00') };
    await given(desk, held, booking(later));
    await desk.happens(confirmed, booking({ ...later, status: 'CONFIRMED' }));
    await desk.settle();
    await at(desk, starts - day);
    await at(desk, starts - day + 4 * 3_600_000);
    expect(await desk.subjects()).toHaveLength(2);
    expect((await desk.mails())[1]?.text).toMatch(/14:00.*18:00/s);
  });
});
