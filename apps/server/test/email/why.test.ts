import { expect, test } from 'vitest';
import {
  createCampaigns,
  recoveredBookings,
  resend,
  revenueOf,
  searchMessages,
  simulate,
  whyOf,
} from '../../src/email/index.ts';
import { onEachEngine } from '../support/databases.ts';
import { booking, contact, order, slot } from './bookings.ts';
import { edit } from './campaign-edits.ts';
import { createDesk, type Desk, given, newId, supplierId } from './desk.ts';

const held = booking();
const confirmed = booking({ status: 'CONFIRMED' });
const booked = order([confirmed], { status: 'CONFIRMED' });
const start = Date.parse('2026-11-23T10:00:00Z');

async function confirmedDesk(open: () => Promise<Desk['db']>): Promise<Desk> {
  const desk = await createDesk(await open());
  await desk.visits();
  await given(desk, held, order([held]));
  await desk.happens(confirmed, booked);
  await desk.settle();
  return desk;
}
const sentences = async ({ db, clock, sources }: Desk) => {
  const why = await whyOf(db, { supplierId, orderId: 'order-1', now: clock.now }, sources);
  return Object.fromEntries(
    (why ?? []).map(({ campaign, state, sentences: [sentence] }) => [campaign, [state, sentence]]),
  );
};
const campaignOf = async ({ db, clock }: Desk, name: string) => {
  const campaigns = createCampaigns({ db, now: () => clock.now, newId });
  return (await campaigns.list(supplierId)).find((each) => each.name === name)!;
};

onEachEngine('why an order got what it got', (open) => {
  test('is told for each campaign in a sentence', async () => {
    const desk = await confirmedDesk(open);
    expect(await sentences(desk)).toEqual({
      confirmation: ['sent', 'It was sent at 2026-11-23T10:00:10.000Z.'],
      cancellation: ['not_sent', 'Nothing of this order was cancelled.'],
      update: ['not_sent', 'Nothing of this order was updated or rescheduled.'],
      recovery: ['not_sent', 'Nothing of this order was expired.'],
      refund: ['not_sent', 'Nothing of this order was refunded.'],
      'tickets changed': ['not_sent', 'Nothing of this order was tickets changed.'],
      'waiver reminder': ['not_sent', 'The campaign is switched off.'],
      reminder: ['open', 'It will be sent at 2026-12-04T13:00:00.000Z.'],
      'review request': ['open', 'It will be sent at 2026-12-06T14:30:00.000Z.'],
    });
  });

  test('names the conditions that did not hold, and what took it in', async () => {
    const desk = await confirmedDesk(open);
    const update = await campaignOf(desk, 'update');
    const campaigns = createCampaigns({ db: desk.db, now: () => desk.clock.now, newId });
    await campaigns.edit(supplierId, update.id, { conditions: { products: ['museum'] } });
    const moved = booking({ status: 'CONFIRMED', availability: slot('2026-12-06T10:00:00+01:00') });
    await desk.happens(moved, { ...booked, bookings: [moved] });
    await desk.settle();
    expect((await sentences(desk)).update).toEqual(['not_sent', 'It was not sent: It is not for the product cruise.']);
  });

  test('is told of no order that there is not', async () => {
    const { db, sources } = await createDesk(await open());
    expect(await whyOf(db, { supplierId, orderId: 'nobody', now: 0 }, sources)).toBeUndefined();
  });
});

onEachEngine('a simulation', (open) => {
  test('tells what a campaign would have done, and sends nothing', async () => {
    const desk = await confirmedDesk(open);
    const confirmation = await campaignOf(desk, 'confirmation');
    const before = await desk.messages();
    const run = (changes: object, from = start) =>
      simulate(
        desk.db,
        { supplierId, campaign: { ...confirmation, enabled: false, ...changes }, from, until: desk.clock.now },
        desk.sources,
      );
    expect((await run({})).would).toMatchObject([
      { orderId: 'order-1', at: start, occasions: ['confirmed'], sends: true },
    ]);
    expect((await run({ conditions: { products: ['museum'] } })).would).toMatchObject([
      { sends: false, reason: 'It is not for the product cruise.' },
    ]);
    expect((await run({ occasions: ['cancelled'] })).would).toEqual([]);
    expect((await run({}, desk.clock.now)).would).toEqual([]);
    expect(await desk.messages()).toEqual(before);
  });

  test('of one that goes by visits runs over visits', async () => {
    const desk = await confirmedDesk(open);
    const reminder = await campaignOf(desk, 'reminder');
    const range = { from: Date.parse('2026-12-01T00:00:00Z'), until: Date.parse('2026-12-10T00:00:00Z') };
    const { would } = await simulate(desk.db, { supplierId, campaign: reminder, ...range }, desk.sources);
    expect(would).toMatchObject([{ orderId: 'order-1', at: Date.parse('2026-12-04T13:00:00Z'), sends: true }]);
  });
});

onEachEngine('the log', (open) => {
  test('is searched by order, booking and address', async () => {
    const { db } = await confirmedDesk(open);
    const found = async (filter: object) => (await searchMessages(db, { supplierId, limit: 10, ...filter })).length;
    expect(
      await found({ orderId: 'order-1', booking: confirmed.uuid, address: 'ADA@example.com', state: 'sent' }),
    ).toBe(1);
    for (const filter of [{ orderId: 'x' }, { booking: 'x' }, { address: 'da@example.com' }, { state: 'failed' }]) {
      expect(await found(filter)).toBe(0);
    }
    expect(await found({ supplierId: 'another' })).toBe(0);
  });

  test('goes on page by page', async () => {
    const desk = await confirmedDesk(open);
    const [first] = await desk.messages();
    await resend({ db: desk.db, now: () => desk.clock.now, newId }, { supplierId, id: first!.id, address: null });
    const [newest] = await searchMessages(desk.db, { supplierId, limit: 1 });
    expect(newest).toMatchObject({ kind: 'again', copyOf: first!.id });
    expect(await searchMessages(desk.db, { supplierId, limit: 10, before: newest!.id })).toMatchObject([
      { id: first!.id },
    ]);
  });

  test('has a message sent again, to its address or another one, by how things are now', async () => {
    const desk = await confirmedDesk(open);
    const [first] = await desk.messages();
    await desk.happens(booking({ status: 'CONFIRMED', availability: slot('2026-12-06T10:00:00+01:00') }));
    await desk.settle();
    // By hand it leaves at any hour.
    await edit(desk, 'confirmation', { quietHours: { from: '11:00', to: '12:00' } });
    const again = (address: string | null) =>
      resend({ db: desk.db, now: () => desk.clock.now, newId }, { supplierId, id: first!.id, address });
    expect(await again(null)).toMatchObject({ kind: 'opened' });
    expect(await again('bob@example.com')).toMatchObject({ kind: 'opened' });
    await desk.run();
    const mails = (await desk.mails()).slice(-2);
    expect(mails.map(({ to }) => (to as { text: string }).text.includes('bob@example.com')).sort()).toEqual([
      false,
      true,
    ]);
    for (const mail of mails)
      expect(mail.subject).toBe('Your booking is confirmed: Harbour cruise, Sunday, 6 December 2026');
    expect(
      await resend({ db: desk.db, now: Date.now, newId }, { supplierId: 'x', id: first!.id, address: null }),
    ).toEqual({ kind: 'missing' });
  });
});

onEachEngine('a recovery that recovers', (open) => {
  const willing = { contact: { ...contact, allowMarketing: true } };
  const next = { ...willing, uuid: 'b-2', orderId: 'order-2' };

  /** A desk at which a recovery was sent, and the token that its link carries. */
  async function asked() {
    const desk = await createDesk(await open());
    await given(desk, booking(willing));
    await desk.happens(booking({ ...willing, status: 'EXPIRED' }));
    await desk.settle();
    const [mail] = await desk.mails();
    const token = /[?&]recovery=([\w.-]+)/.exec(mail?.text ?? '')?.[1] ?? '';
    const { id: campaignId } = await campaignOf(desk, 'recovery');
    return { desk, token, of: { supplierId, campaignId, since: 0 } };
  }

  test('counts the booking that its link led to, with its revenue', async () => {
    const { desk, token, of } = await asked();
    await given(desk, booking({ ...next, resellerReference: `web-17 ${token}` }));
    desk.clock.now += 6 * 86_400_000;
    await desk.happens(booking({ ...next, resellerReference: `web-17 ${token}`, status: 'CONFIRMED' }));
    await desk.happens(booking({ ...next, uuid: 'b-3', notes: 'none', status: 'CONFIRMED' }));
    await desk.happens(booking({ ...next, uuid: 'b-4', notes: token }));
    expect(await revenueOf(desk.db, of)).toEqual([
      { currency: 'EUR', currencyPrecision: 2, bookings: 1, amount: 6500 },
    ]);
    expect(await recoveredBookings(desk.db, { ...of, limit: 10 })).toMatchObject([
      { bookingUuid: 'b-2', orderId: 'order-2' },
    ]);
  });

  test('counts none that comes later, or with a token that is not ours', async () => {
    const { desk, token, of } = await asked();
    const forged = `${token.slice(0, -4)}AAAA`;
    await desk.happens(booking({ ...next, notes: forged, status: 'CONFIRMED' }));
    desk.clock.now += 7 * 86_400_000;
    await desk.happens(booking({ ...next, uuid: 'b-3', notes: token, status: 'CONFIRMED' }));
    expect(token).not.toBe('');
    expect(await revenueOf(desk.db, of)).toEqual([]);
  });
});
