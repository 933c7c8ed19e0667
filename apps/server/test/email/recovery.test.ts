import { expect, test } from 'vitest';
import { onEachEngine } from '../support/databases.ts';
import { booking, contact, order, slot } from './bookings.ts';
import { createDesk, given } from './desk.ts';

const [second, third, fourth] = [2, 3, 4].map((n) => `0b0b0b0b-0000-4000-8000-00000000000${n}`) as [
  string,
  string,
  string,
];

onEachEngine('recovery', (open) => {
  const willing = { contact: { ...contact, allowMarketing: true } };
  const expired = booking({ ...willing, status: 'EXPIRED' });

  test('a guest who agreed to marketing is led back to the product', async () => {
    const desk = await createDesk(await open());
    await given(desk, booking(willing));
    await desk.happens(expired);
    await desk.settle();
    const [mail] = await desk.mails();
    const url = 'https://harbour.example/book?product=cruise&option=default&date=2026-12-05';
    expect(mail?.text).toContain(url);
    expect(mail?.html).toContain(url.replaceAll('&', '&amp;'));
    expect(mail?.attachments).toEqual([]);
    expect(await desk.messages()).toMatchObject([{ state: 'sent', campaign: 'recovery' }]);
  });

  test.each<[string, Partial<typeof expired>, object, string]>([
    ['did not agree to marketing', { contact }, {}, 'The guest did not agree to marketing.'],
    [
      'left no address',
      { contact: { ...contact, emailAddress: null, allowMarketing: true } },
      {},
      'The booking has no e-mail address.',
    ],
    [
      'would come too late',
      { ...willing, availability: { ...slot('2026-12-20T10:00:00+01:00'), utcCutoffAt: '2026-11-23T10:00:10Z' } },
      {},
      'It is too late to book it.',
    ],
    [
      'has nowhere to go back to',
      willing,
      { checkoutUrl: null },
      'The supplier has no checkout URL that could lead the guest back.',
    ],
  ])('a guest who %s is left alone', async (_who, changes, profile, reason) => {
    const desk = await createDesk(await open(), { profile });
    await given(desk, booking(changes));
    await desk.happens(booking({ ...changes, status: 'EXPIRED' }));
    await desk.settle();
    expect(await desk.messages()).toMatchObject([{ state: 'skipped', campaign: 'recovery', reason }]);
  });

  test('a guest who booked after all gets the confirmation only', async () => {
    const desk = await createDesk(await open());
    await given(desk, booking(willing), booking({ ...willing, uuid: second }));
    await desk.happens(expired);
    await desk.happens(booking({ ...willing, uuid: second, status: 'CONFIRMED' }));
    await desk.settle();
    const [mail, ...more] = await desk.mails();
    expect(more).toEqual([]);
    expect(mail?.subject).toMatch(/^Your booking is confirmed/);
    expect(mail?.text).not.toContain('Not booked');
  });

  test('a guest whose order was confirmed before is left alone', async () => {
    const desk = await createDesk(await open());
    const sister = booking({ ...willing, uuid: second, status: 'CONFIRMED' });
    await given(desk, booking(willing));
    await given(desk, order([expired, sister]));
    await desk.happens(expired);
    await desk.settle();
    expect(await desk.messages()).toMatchObject([
      { state: 'skipped', reason: 'The guest booked after all: the order is confirmed.' },
    ]);
  });

  test('only what can still be booked is offered again', async () => {
    const desk = await createDesk(await open());
    const late = {
      ...willing,
      uuid: second,
      availability: { ...slot('2026-12-24T10:00:00+01:00'), utcCutoffAt: '2026-11-23T10:00:10Z' },
    };
    await given(desk, booking(willing), booking(late));
    await desk.happens(expired, booking({ ...late, status: 'EXPIRED' }));
    await desk.settle();
    const [mail] = await desk.mails();
    expect(mail?.text).toContain('5 December');
    expect(mail?.text).not.toContain('24 December');
  });

  test('one order whose holds run out one after the other makes one e-mail, when nothing is held any more', async () => {
    const desk = await createDesk(await open());
    const other = { ...willing, uuid: second };
    await given(desk, booking(willing), booking(other));
    await given(desk, order([expired, booking(other)]));
    await desk.happens(expired);
    await desk.settle();
    expect(await desk.messages()).toMatchObject([
      { state: 'skipped', reason: 'The guest still holds something of this order.' },
    ]);
    await given(desk, order([expired, booking({ ...other, status: 'EXPIRED' })]));
    await desk.happens(booking({ ...other, status: 'EXPIRED' }));
    await desk.settle();
    await desk.happens(booking({ ...willing, uuid: third }));
    await desk.happens(booking({ ...willing, uuid: third, status: 'EXPIRED' }));
    await desk.settle();
    expect(await desk.subjects()).toHaveLength(1);
    expect(await desk.messages()).toMatchObject([
      { state: 'skipped', reason: 'The guest was asked before to complete this order.' },
      { state: 'sent' },
      { state: 'skipped' },
    ]);
  });

  /** Holds of one guest in orders of their own, one after the other. */
  const tries = ['ada@example.com', 'Ada@Example.com ', 'ada@example.com'].map((emailAddress, n) => ({
    contact: { ...willing.contact, emailAddress },
    uuid: `0b0b0b0b-0000-4000-8000-00000000001${n}`,
    orderId: `order-1${n}`,
  }));

  test('who abandoned three orders is asked about the last of them', async () => {
    const desk = await createDesk(await open());
    for (const one of tries) {
      await desk.happens(booking(one));
      desk.clock.now += 1;
    }
    await desk.happens(...tries.map((one) => booking({ ...one, status: 'EXPIRED' })));
    await desk.settle();
    const sent = (await desk.messages()).filter(({ state }) => state === 'sent');
    expect(sent.map(({ orderId }) => orderId)).toEqual(['order-12']);
  });

  test('who booked in another order since is left alone', async () => {
    const desk = await createDesk(await open());
    const booked = { contact, uuid: second, orderId: 'order-2' };
    await desk.happens(booking(booked));
    for (const one of tries) {
      desk.clock.now += 1;
      await desk.happens(booking(one));
    }
    desk.clock.now += 1;
    await desk.happensAtReseller(booking({ ...booked, status: 'CONFIRMED' }));
    await desk.happens(...tries.map((one) => booking({ ...one, status: 'EXPIRED' })));
    await desk.settle();
    const left = {
      state: 'skipped',
      reason: 'The guest came back: there is a newer hold or booking for this address.',
    };
    expect(await desk.messages()).toMatchObject([left, left, left]);
  });

  test('somebody else, an older booking or a test booking is no reason to leave a guest alone', async () => {
    const desk = await createDesk(await open());
    await desk.happens(booking({ contact, uuid: second, orderId: 'order-2', status: 'CONFIRMED' }));
    desk.clock.now += 1;
    await desk.happens(booking(willing));
    desk.clock.now += 1;
    const grace = { ...contact, emailAddress: 'grace@example.com' };
    await desk.happens(booking({ contact: grace, uuid: third, orderId: 'order-3' }));
    await desk.happens(booking({ ...willing, uuid: fourth, orderId: 'order-4', testMode: true }));
    await desk.happens(expired);
    await desk.settle();
    expect(await desk.messages()).toContainEqual(expect.objectContaining({ orderId: 'order-1', state: 'sent' }));
  });
});
