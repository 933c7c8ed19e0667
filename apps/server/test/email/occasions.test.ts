import { expect, test } from 'vitest';
import { enableCampaign } from '../../src/email/index.ts';
import { onEachEngine } from '../support/databases.ts';
import { booking, contact, cruise, order, pier, slot, unitItem } from './bookings.ts';
import { createDesk, given, supplierId } from './desk.ts';

const second = '0b0b0b0b-0000-4000-8000-000000000002';
const held = booking();
const confirmed = booking({ status: 'CONFIRMED' });
const cancellation = { refund: 'FULL', reason: null, utcCancelledAt: '2026-11-23T10:00:00Z' } as const;
const cancelled = booking({ status: 'CANCELLED', cancellation });
const moved = booking({ status: 'CONFIRMED', availability: slot('2026-12-06T10:00:00+01:00') });

onEachEngine('what happens to an order', (open) => {
  test('a confirmation makes one e-mail to the guest, when the settling window is over', async () => {
    const desk = await createDesk(await open());
    await given(desk, held);
    await desk.happens(confirmed);
    await desk.run();
    expect(await desk.subjects()).toEqual([]);
    await desk.settle();
    const [mail, ...more] = await desk.mails();
    expect(more).toEqual([]);
    expect(mail?.subject).toBe('Your booking is confirmed: Harbour cruise, Saturday, 5 December 2026');
    expect(mail?.to).toMatchObject({ value: [{ address: 'ada@example.com', name: 'Ada Lovelace' }] });
    expect(mail?.from).toMatchObject({ value: [{ address: 'tickets@carillon.example', name: 'Harbour Tours' }] });
    expect(await desk.messages()).toMatchObject([
      { state: 'sent', campaign: 'confirmation', attempts: 1, reason: null },
    ]);
    expect(mail?.messageId).toBe(`<${(await desk.messages())[0]?.id}@carillon.example>`);
  });

  test('the hold that comes before it makes none', async () => {
    const desk = await createDesk(await open());
    await desk.happens(held);
    await desk.settle();
    expect(await desk.messages()).toEqual([]);
    expect(desk.notified.times).toBe(0);
  });

  test('five bookings confirmed in one call make one e-mail', async () => {
    const desk = await createDesk(await open());
    const uuids = [1, 2, 3, 4, 5].map((n) => `0b0b0b0b-0000-4000-8000-00000000000${n}`);
    await given(desk, ...uuids.map((uuid) => booking({ uuid })));
    await desk.happens(...uuids.map((uuid) => booking({ uuid, status: 'CONFIRMED' })));
    await desk.settle();
    expect(await desk.subjects()).toEqual(['Your bookings are confirmed: Harbour cruise, Saturday, 5 December 2026']);
    const [mail] = await desk.mails();
    for (const uuid of uuids) expect(mail?.text).toContain(`V-${uuid.slice(-4)}`);
    expect(mail?.text).toContain('Total: €325.00');
  });

  test('two orders make two e-mails, also when they change in one call', async () => {
    const desk = await createDesk(await open());
    const other = { uuid: second, orderId: 'order-2' };
    await given(desk, held, booking(other));
    await desk.happens(confirmed, booking({ ...other, status: 'CONFIRMED' }));
    await desk.settle();
    expect((await desk.messages()).map(({ orderId }) => orderId).sort()).toEqual(['order-1', 'order-2']);
    expect(await desk.subjects()).toHaveLength(2);
  });

  test('held, confirmed and changed within the window is one confirmation of how it is in the end', async () => {
    const desk = await createDesk(await open());
    await desk.happens(held);
    await desk.happens(confirmed);
    await desk.happens(booking({ status: 'CONFIRMED', unitItems: [unitItem('u1')] }));
    await desk.settle();
    const [mail, ...more] = await desk.mails();
    expect(more).toEqual([]);
    expect(mail?.subject).toMatch(/^Your booking is confirmed/);
    expect(mail?.text).toContain('Tickets: 1\u00a0×\u00a0Adult\n');
    expect(mail?.text).not.toContain('What changed');
  });

  test('confirmed and cancelled within the window is nothing, for it was never announced', async () => {
    const desk = await createDesk(await open());
    await given(desk, held);
    await desk.happens(confirmed);
    await desk.happens(cancelled);
    await desk.settle();
    expect(await desk.subjects()).toEqual([]);
    expect(await desk.messages()).toMatchObject([
      { state: 'skipped', reason: 'In the end nothing changed that concerns the guest.' },
    ]);
  });

  test('there and back again within the window is nothing', async () => {
    const desk = await createDesk(await open());
    await given(desk, confirmed);
    await desk.happens(moved);
    await desk.happens(confirmed);
    await desk.settle();
    expect(await desk.messages()).toMatchObject([{ state: 'skipped' }]);
    expect(await desk.subjects()).toEqual([]);
  });

  test('what happens after the window makes an e-mail of its own, about that alone', async () => {
    const desk = await createDesk(await open());
    await given(desk, held, order([held]));
    await desk.happens(confirmed);
    await desk.settle();
    await desk.happens(moved);
    await desk.settle();
    await desk.happens({ ...cancelled, availability: moved.availability, availabilityId: moved.availabilityId });
    await desk.settle();
    expect(await desk.subjects()).toEqual([
      'Your booking is confirmed: Harbour cruise, Saturday, 5 December 2026',
      'Your booking has a new time: Harbour cruise, Sunday, 6 December 2026',
      'Your booking is cancelled: Harbour cruise, Sunday, 6 December 2026',
    ]);
    const [, update, cancel] = await desk.mails();
    expect(update?.text).toContain('Date: Sunday, 6 December 2026 (before: Saturday, 5 December 2026)');
    expect(cancel?.text).toContain('You get the full price back.');
    expect((await desk.messages()).map(({ campaign }) => campaign)).toEqual(['cancellation', 'update', 'confirmation']);
  });

  test('what happens to different bookings of an order in the window is one e-mail, led by the strongest', async () => {
    const desk = await createDesk(await open());
    await given(desk, confirmed, booking({ uuid: second }));
    await desk.happens(cancelled);
    await desk.happens(booking({ uuid: second, status: 'CONFIRMED' }));
    await desk.settle();
    const [mail, ...more] = await desk.mails();
    expect(more).toEqual([]);
    expect(mail?.subject).toMatch(/^Your booking is confirmed/);
    expect(mail?.text).toMatch(/\[Cancelled\].*\[Confirmed\]/s);
    expect(await desk.messages()).toMatchObject([{ campaign: 'confirmation', state: 'sent' }]);
  });

  test('a booking whose product moved in the meantime shows old and new', async () => {
    const desk = await createDesk(await open());
    await given(desk, confirmed);
    const walk = {
      ...cruise,
      id: 'walk',
      title: { $text: { en: 'Old town walk' } },
      locations: [{ ...pier, title: { $text: { en: 'Town hall' } } }],
    };
    await desk.happens(booking({ status: 'CONFIRMED', product: walk }));
    await desk.settle();
    const [mail] = await desk.mails();
    expect(mail?.subject).toBe('Your booking has changed: Old town walk, Saturday, 5 December 2026');
    expect(mail?.text).toContain('Product: Old town walk (before: Harbour cruise)');
    expect(mail?.text).toContain('Meeting point: Town hall, ');
  });

  test('noise makes no message', async () => {
    const desk = await createDesk(await open());
    await given(desk, confirmed);
    await desk.happens({ ...confirmed, utcUpdatedAt: '2026-11-24T00:00:00Z', notes: 'late', resellerReference: 'R1' });
    await desk.happens({ ...confirmed, status: 'REDEEMED', utcRedeemedAt: '2026-12-05T13:00:00Z' });
    await desk.happens(confirmed);
    await desk.settle();
    expect(await desk.messages()).toEqual([]);
  });

  test('a translation that is mended makes no e-mail to a guest who reads another language', async () => {
    const desk = await createDesk(await open());
    await given(desk, confirmed);
    const locations = [{ ...pier, title: { $text: { ...pier.title.$text, de: 'Anleger Vier' } } }];
    await desk.happens({ ...confirmed, product: { ...cruise, locations } });
    await desk.settle();
    expect(await desk.subjects()).toEqual([]);
  });

  test.each<[string, Partial<typeof confirmed>]>([
    ['new units of the same kinds', { unitItems: [unitItem('u7'), unitItem('u8'), confirmed.unitItems[2]!] }],
    [
      'a position that is mended',
      { product: { ...cruise, locations: [{ ...pier, place: { ...pier.place, latitude: 53.5437 } }] } },
    ],
    [
      'a change of what only a second meeting point would show',
      { product: { ...cruise, locations: [pier, { ...pier, title: { $text: { en: 'Pier 9' } } }] } },
    ],
    ['another slot at the same time', { availabilityId: 'b', availability: { ...confirmed.availability!, id: 'b' } }],
  ])('%s makes no e-mail, which could name no change', async (_what, changes) => {
    const desk = await createDesk(await open());
    await given(desk, confirmed);
    await desk.happens({ ...confirmed, ...changes });
    await desk.settle();
    expect(await desk.subjects()).toEqual([]);
  });

  test('a cancelled hold makes none', async () => {
    const desk = await createDesk(await open());
    await given(desk, held);
    await desk.happens(cancelled);
    await desk.settle();
    expect(await desk.messages()).toEqual([]);
  });

  test('with no window the e-mail leaves at once', async () => {
    const desk = await createDesk(await open(), { profile: { settlingMs: 0 } });
    await given(desk, held);
    await desk.happens(confirmed);
    expect(desk.notified.times).toBe(1);
    await desk.run();
    expect(await desk.subjects()).toHaveLength(1);
  });
});

onEachEngine('who gets an e-mail', (open) => {
  test('a reseller’s guest only where the booking says so', async () => {
    const desk = await createDesk(await open());
    await given(desk, held, booking({ uuid: second, orderId: 'order-2', emailReceipt: true }));
    await desk.happensAtReseller(confirmed);
    await desk.happensAtReseller(
      booking({ uuid: second, orderId: 'order-2', emailReceipt: true, status: 'CONFIRMED' }),
    );
    await desk.settle();
    expect(await desk.messages()).toMatchObject([{ orderId: 'order-2', state: 'sent' }]);
  });

  test('nobody, for a test booking', async () => {
    const desk = await createDesk(await open());
    await given(desk, booking({ testMode: true }));
    await desk.happens(booking({ testMode: true, status: 'CONFIRMED' }));
    await desk.settle();
    expect(await desk.subjects()).toEqual([]);
    expect(await desk.messages()).toMatchObject([
      { state: 'skipped', reason: 'It is a test booking: guests get no e-mails about those.' },
    ]);
  });

  test.each([
    [null, 'The booking has no e-mail address.'],
    ['ada@example.com, eve@example.com', 'The e-mail address of the booking is not one that can be written to.'],
    ['ada@example.com\r\nBcc: eve@example.com', 'The e-mail address of the booking is not one that can be written to.'],
    ['"ada"@example.com', 'The e-mail address of the booking is not one that can be written to.'],
    ['Ada <ada@example.com>', 'The e-mail address of the booking is not one that can be written to.'],
  ])('nobody, where the address is %j', async (emailAddress, reason) => {
    const desk = await createDesk(await open());
    const guest = { contact: { ...contact, emailAddress } };
    await given(desk, booking(guest));
    await desk.happens(booking({ ...guest, status: 'CONFIRMED' }));
    await desk.settle();
    expect(await desk.messages()).toMatchObject([{ state: 'skipped', reason }]);
  });

  test('the guest of the order, for a booking without an address', async () => {
    const desk = await createDesk(await open());
    const nobody = { contact: { ...contact, emailAddress: null, locales: [] } };
    const grace = { ...contact, emailAddress: 'grace@example.com', locales: ['de-AT'] };
    await given(desk, booking(nobody), order([booking(nobody)], { contact: grace }));
    await desk.happens(booking({ ...nobody, status: 'CONFIRMED' }));
    await desk.settle();
    expect(await desk.messages()).toMatchObject([{ state: 'sent', address: 'grace@example.com', language: 'de' }]);
  });

  test('the address as it is when the e-mail leaves', async () => {
    const desk = await createDesk(await open());
    await given(desk, held);
    await desk.happens(confirmed);
    await desk.happens({ ...confirmed, contact: { ...contact, emailAddress: 'ada@example.org' } });
    await desk.settle();
    expect(await desk.messages()).toMatchObject([{ state: 'sent', address: 'ada@example.org' }]);
  });

  test.each([
    [['pt-BR', 'es-MX'], 'es', 'Su reserva está confirmada: Crucero por el puerto, sábado, 5 de diciembre de 2026'],
    [['de-CH'], 'de', 'Ihre Buchung ist bestätigt: Hafenrundfahrt, Samstag, 5. Dezember 2026'],
    [['en-GB'], 'en', 'Your booking is confirmed: Harbour cruise, Saturday, 5 December 2026'],
    [['fi', '!'], 'en', 'Your booking is confirmed: Harbour cruise, Saturday, 5 December 2026'],
    [['en-US'], 'en', 'Your booking is confirmed: Harbour cruise, Saturday, December 5, 2026'],
  ])('a guest who reads %j is written to in %s', async (locales, language, subject) => {
    const desk = await createDesk(await open());
    const guest = { contact: { ...contact, locales } };
    await given(desk, booking(guest));
    await desk.happens(booking({ ...guest, status: 'CONFIRMED' }));
    await desk.settle();
    expect(await desk.subjects()).toEqual([subject]);
    expect(await desk.messages()).toMatchObject([{ language }]);
  });
});

onEachEngine('whether an e-mail is still right when it leaves', (open) => {
  test('no confirmation leaves for what was cancelled behind its back', async () => {
    const desk = await createDesk(await open());
    await given(desk, held);
    await desk.happens(confirmed);
    await desk.happensUnheard(cancelled);
    await desk.settle();
    expect(await desk.subjects()).toEqual([]);
    expect(await desk.messages()).toMatchObject([{ state: 'skipped' }]);
  });

  test('a campaign that was switched off opens no message', async () => {
    const desk = await createDesk(await open());
    await enableCampaign(desk.db, { supplierId, name: 'confirmation', enabled: false });
    await given(desk, held);
    await desk.happens(confirmed);
    await desk.settle();
    expect(await desk.messages()).toEqual([]);
  });

  test('a campaign that is switched off in the window keeps the message back, and says so', async () => {
    const desk = await createDesk(await open());
    await given(desk, held);
    await desk.happens(confirmed);
    await enableCampaign(desk.db, { supplierId, name: 'confirmation', enabled: false });
    await desk.settle();
    expect(await desk.messages()).toMatchObject([{ state: 'skipped', reason: 'Switched off: confirmation.' }]);
  });

  test('what else happened is still told when the campaign of the strongest is off', async () => {
    const desk = await createDesk(await open());
    await given(desk, held, booking({ uuid: second, status: 'CONFIRMED' }));
    await desk.happens(confirmed, booking({ uuid: second, status: 'CANCELLED', cancellation }));
    await enableCampaign(desk.db, { supplierId, name: 'confirmation', enabled: false });
    await desk.settle();
    expect(await desk.messages()).toMatchObject([{ state: 'sent', campaign: 'cancellation' }]);
    const [mail] = await desk.mails();
    expect(mail?.text).not.toContain('[Confirmed]');
  });
});
