import { expect, test } from 'vitest';
import { onEachEngine } from '../support/databases.ts';
import { booking, contact } from './bookings.ts';
import { campaignsOf, edit } from './campaign-edits.ts';
import { createDesk, type Desk, given, supplierId } from './desk.ts';
import { accepted, deferred, provider } from './provider.ts';

const held = booking();
const confirmed = booking({ status: 'CONFIRMED' });

const everybody = { guest: true, unitContacts: false, addresses: [], bcc: [] };
const addresses = async (desk: Desk) =>
  (await desk.messages())
    .filter(({ state }) => state === 'sent')
    .map(({ address }) => address)
    .sort();

onEachEngine('a campaign', (open) => {
  test('waits for its delay, and what happens meanwhile is heeded', async () => {
    const desk = await createDesk(await open());
    await edit(desk, 'confirmation', { delayMinutes: 60 });
    await given(desk, held);
    await desk.happens(confirmed);
    await desk.settle();
    expect(await desk.subjects()).toEqual([]);
    expect(await desk.messages()).toMatchObject([{ state: 'settling', reason: 'The campaign sends it later.' }]);
    desk.clock.now += 59 * 60_000;
    await desk.run();
    expect(await desk.subjects()).toEqual([]);
    desk.clock.now += 60_000;
    await desk.run();
    expect(await desk.subjects()).toHaveLength(1);
  });

  test('waits until the quiet hours of the venue are over', async () => {
    const desk = await createDesk(await open());
    await edit(desk, 'confirmation', { quietHours: { from: '11:00', to: '12:00' } });
    await given(desk, held);
    await desk.happens(confirmed);
    await desk.settle();
    expect(await desk.messages()).toMatchObject([{ state: 'settling', dueAt: Date.parse('2026-11-23T11:00:00Z') }]);
    desk.clock.now = Date.parse('2026-11-23T11:00:00Z');
    await desk.run();
    expect(await desk.subjects()).toHaveLength(1);
  });

  test('does not send what should have left long ago', async () => {
    const desk = await createDesk(await open());
    await given(desk, held);
    await desk.happens(confirmed);
    desk.clock.now += 25 * 3_600_000;
    await desk.run();
    expect(await desk.messages()).toMatchObject([{ state: 'skipped', reason: expect.stringContaining('too late') }]);
  });

  test('is sent where its conditions hold, and else the next one is', async () => {
    const desk = await createDesk(await open());
    const campaigns = campaignsOf(desk);
    const [plain] = await campaigns.list(supplierId);
    const { id: _, ...told } = plain!;
    const conditions = { products: ['museum'] };
    await campaigns.create(supplierId, { ...told, name: 'museum', priority: 1, conditions });
    await campaigns.create(supplierId, { ...told, name: 'cruise', priority: 2, conditions: { products: ['cruise'] } });
    await given(desk, held);
    await desk.happens(confirmed);
    await desk.settle();
    expect(await desk.messages()).toMatchObject([{ state: 'sent', campaign: 'cruise' }]);
  });

  test('that is not the only one lets those behind it send as well, each once', async () => {
    const desk = await createDesk(await open());
    const campaigns = campaignsOf(desk);
    const { id: _, ...told } = (await campaigns.list(supplierId))[0]!;
    await campaigns.create(supplierId, { ...told, name: 'before it', priority: 1, only: false });
    await given(desk, held);
    await desk.happens(confirmed);
    await desk.settle();
    await desk.run();
    expect((await desk.messages()).map(({ campaign, state, kind }) => [campaign, state, kind]).sort()).toEqual([
      ['before it', 'sent', 'news'],
      ['confirmation', 'sent', 'copy'],
    ]);
    expect(await desk.subjects()).toHaveLength(2);
  });

  test('goes to the guests of the units, to fixed addresses and as blind copy, each on its own', async () => {
    const desk = await createDesk(await open());
    const recipients = {
      guest: true,
      unitContacts: true,
      addresses: ['Desk@harbour.example', 'ada@example.com'],
      bcc: ['archive@harbour.example'],
    };
    await edit(desk, 'confirmation', { recipients });
    const unit = { ...confirmed.unitItems[0]!, contact: { ...contact, emailAddress: 'bob@example.com' } };
    await given(desk, { ...held, unitItems: [unit] });
    await desk.happens({ ...confirmed, unitItems: [unit] });
    await desk.settle();
    await desk.run();
    expect(await addresses(desk)).toEqual([
      'Desk@harbour.example',
      'ada@example.com',
      'archive@harbour.example',
      'bob@example.com',
    ]);
    for (const mail of await desk.mails()) expect(mail.to).toMatchObject({ value: { length: 1 } });
  });

  test('opens its copies once, however often the message is tried', async () => {
    const mails = provider(deferred, accepted);
    const desk = await createDesk(await open(), { provider: mails });
    await edit(desk, 'confirmation', { recipients: { ...everybody, bcc: ['archive@harbour.example'] } });
    await given(desk, held);
    await desk.happens(confirmed);
    await desk.settle();
    desk.clock.now += 60_000;
    await desk.run();
    expect(mails.mails.map(({ to }) => to).sort()).toEqual([
      'ada@example.com',
      'ada@example.com',
      'archive@harbour.example',
    ]);
    expect(await desk.messages()).toHaveLength(2);
  });

  test('goes through the provider that it names, with its sender', async () => {
    const desk = await createDesk(await open());
    const add = (name: string) => {
      const sender = `${name}@carillon.example`;
      return desk.stack.directory.add(supplierId, { kind: 'mailbox', name, sender, settings: {} });
    };
    await add('desk');
    const vip = await add('vip');
    if (!('provider' in vip)) throw new Error('it was not made');
    await edit(desk, 'confirmation', { providerId: vip.provider.id });
    await given(desk, held);
    await desk.happens(confirmed);
    await desk.settle();
    expect((await desk.mails())[0]?.from).toMatchObject({ value: [{ address: 'vip@carillon.example' }] });
  });

  test('on trial sends everything to one address, test bookings too, and marks it', async () => {
    const desk = await createDesk(await open());
    await edit(desk, 'confirmation', { testAddress: 'me@harbour.example' });
    await given(desk, booking({ testMode: true }));
    await desk.happens(booking({ testMode: true, status: 'CONFIRMED' }));
    await desk.settle();
    expect(await addresses(desk)).toEqual(['me@harbour.example']);
    expect((await desk.subjects())[0]).toMatch(/^\[Test\] Your booking is confirmed/);
  });

  test('of marketing is capped for each address', async () => {
    const desk = await createDesk(await open());
    await edit(desk, 'recovery', { cap: { most: 1, days: 7 } });
    const willing = { contact: { ...contact, allowMarketing: true } };
    for (const [orderId, uuid] of [
      ['order-2', 'b-2'],
      ['order-1', 'b-1'],
    ] as const) {
      await given(desk, booking({ ...willing, orderId, uuid }));
      await desk.happens(booking({ ...willing, orderId, uuid, status: 'EXPIRED' }));
      await desk.settle();
    }
    expect((await desk.messages()).map(({ state, reason }) => [state, reason])).toEqual([
      ['skipped', 'The guest got 1 e-mails of marketing within 7 days: no more than 1 are sent.'],
      ['sent', null],
    ]);
  });
});
