import type { Transaction } from '@carillon/contract';
import { expect, test } from 'vitest';
import { onEachEngine } from '../support/databases.ts';
import { booking, contact, order } from './bookings.ts';
import { edit } from './campaign-edits.ts';
import { createDesk, given } from './desk.ts';

const confirmed = booking({ status: 'CONFIRMED' });
const cancellation = { refund: 'FULL', reason: null, utcCancelledAt: '2026-11-23T10:00:00Z' } as const;
const cancelled = booking({ status: 'CANCELLED', cancellation });
const booked = order([confirmed], { status: 'CONFIRMED' });
const transaction = (type: Transaction['type'], amount: number): Transaction => ({
  id: `${type}-${amount}`,
  type,
  amount,
  currency: 'EUR',
  currencyPrecision: 2,
  method: 'CARD',
  reference: null,
  utcCreatedAt: '2026-11-23T10:00:00Z',
  bookingId: null,
});
const paid = { ...booked, transactions: [transaction('PAYMENT', 6500)] };
const refunded = { ...booked, transactions: [transaction('PAYMENT', 6500), transaction('REFUND', 2500)] };

onEachEngine('what happens to the order itself', (open) => {
  test('a refund is an e-mail with what was given back', async () => {
    const desk = await createDesk(await open());
    await given(desk, confirmed, paid);
    await desk.happens(refunded);
    await desk.settle();
    const [mail, ...more] = await desk.mails();
    expect(more).toEqual([]);
    expect(mail?.subject).toMatch(/^Your refund/);
    expect(mail?.text).toContain('Refunded: €25.00 (CARD)');
    expect(mail?.attachments.map(({ contentType }) => contentType)).not.toContain('text/calendar');
  });

  test('a cancellation with its refund is one e-mail that says both', async () => {
    const desk = await createDesk(await open());
    await given(desk, confirmed, paid);
    await desk.happens(cancelled);
    await desk.happens({ ...refunded, status: 'CANCELLED', bookings: [cancelled] });
    await desk.settle();
    const [mail, ...more] = await desk.mails();
    expect(more).toEqual([]);
    expect(mail?.subject).toMatch(/^Your booking is cancelled/);
    expect(mail?.text).toContain('Refunded: €25.00 (CARD)');
  });

  test('a payment alone is none, for no campaign is for it', async () => {
    const desk = await createDesk(await open());
    await given(desk, confirmed, booked);
    await desk.happens(paid);
    await desk.settle();
    expect(await desk.messages()).toEqual([]);
  });

  test('a corrected address gets the confirmation, and other details get nothing', async () => {
    const desk = await createDesk(await open());
    const other = { ...contact, notes: 'A window seat' };
    await given(desk, confirmed, booked);
    await desk.happens({ ...booked, contact: other });
    await desk.settle();
    expect(await desk.messages()).toEqual([]);
    const right = { ...other, emailAddress: 'ada@right.example' };
    await desk.happens(
      { ...confirmed, contact: right },
      { ...booked, contact: right, bookings: [{ ...confirmed, contact: right }] },
    );
    await desk.settle();
    expect(await desk.subjects()).toEqual(['Your booking is confirmed: Harbour cruise, Saturday, 5 December 2026']);
    expect(await desk.messages()).toMatchObject([{ campaign: 'confirmation', address: 'ada@right.example' }]);
  });

  test('tickets that go with a cancelled booking are its news, and no other', async () => {
    const desk = await createDesk(await open());
    await edit(desk, 'cancellation', { enabled: false });
    const second = booking({ uuid: 'b-2', status: 'CONFIRMED' });
    await given(desk, confirmed, second, order([confirmed, second], { status: 'CONFIRMED' }));
    await desk.happens(cancelled, order([second], { status: 'CONFIRMED' }));
    await desk.settle();
    expect(await desk.messages()).toMatchObject([{ state: 'skipped', reason: 'Switched off: cancellation.' }]);
  });

  test('tickets that changed are an e-mail with those that are not valid any more', async () => {
    const desk = await createDesk(await open());
    const voucher = (deliveryValue: string) => ({
      redemptionMethod: 'DIGITAL' as const,
      utcRedeemedAt: null,
      deliveryOptions: [{ deliveryFormat: 'QRCODE' as const, deliveryValue }],
    });
    await given(desk, confirmed, { ...booked, voucher: voucher('OLD-1') });
    await desk.happens({ ...booked, voucher: voucher('NEW-1') });
    await desk.settle();
    const [mail] = await desk.mails();
    expect(mail?.subject).toMatch(/^Your tickets have changed/);
    expect(mail?.text).toContain('Not valid any more: OLD-1');
  });
});
