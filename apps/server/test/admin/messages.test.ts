import { expect, it } from 'vitest';
import { booking } from '../email/bookings.ts';
import { createDesk, given, supplierId } from '../email/desk.ts';
import { accepted, confirmedOrder, deferred, provider } from '../email/provider.ts';
import { type OpenDatabase, onEachEngine } from '../support/databases.ts';
import { answered, openStage } from './stage.ts';

/** The sample's supplier, and beside it one whose e-mails leave, with a token of its own. */
async function openBoth(open: OpenDatabase, ...answers: Parameters<typeof provider>) {
  const db = await open();
  const stage = await openStage(db);
  const desk = await createDesk(db, { provider: provider(...answers) });
  const { token } = await answered(
    201,
    stage.instance('POST', `/suppliers/${supplierId}/tokens`, { name: 'test', role: 'owner' }),
  );
  return { stage, desk, theirs: stage.apiAs(token) };
}

onEachEngine('e-mails over /api', (open) => {
  it('tell each attempt at handing them over, the oldest first, to their own supplier', async () => {
    const { stage, desk, theirs } = await openBoth(open, deferred, accepted);
    await confirmedOrder(desk);
    const [message] = (await answered(200, theirs('GET', '/messages'))).messages;
    expect(message).toMatchObject({ orderId: 'order-1', state: 'settling', attempts: 1 });
    const path = `/messages/${message.id}/attempts`;
    const first = {
      id: expect.any(String),
      number: 1,
      provider: 'test',
      startedAt: desk.clock.now,
      durationMs: 0,
      outcome: 'deferred',
      detail: 'connect ECONNREFUSED',
    };
    expect(await answered(200, theirs('GET', path))).toEqual({ attempts: [first] });
    desk.clock.now += 60_000;
    await desk.run();
    const second = { ...first, number: 2, startedAt: desk.clock.now, outcome: 'accepted', detail: null };
    expect(await answered(200, theirs('GET', path))).toEqual({ attempts: [first, second] });
    await answered(404, stage.api('GET', path));
    for (const id of ['none', '%00']) await answered(404, theirs('GET', `/messages/${id}/attempts`));
  });

  it('whose outcome is not known yet have an attempt without one', async () => {
    const { desk, theirs } = await openBoth(open, async () => {
      const [message] = (await answered(200, theirs('GET', '/messages'))).messages;
      const { attempts } = await answered(200, theirs('GET', `/messages/${message.id}/attempts`));
      expect(attempts).toMatchObject([{ number: 1, outcome: null, durationMs: null, detail: null }]);
      return accepted;
    });
    await confirmedOrder(desk);
    expect(await desk.messages()).toMatchObject([{ state: 'sent' }]);
  });
});

onEachEngine('campaigns over /api', (open) => {
  it('that are turned off send nothing until they are turned on, whatever other suppliers do', async () => {
    const { stage, desk, theirs } = await openBoth(open, accepted);
    await given(desk, booking());
    await desk.happens(booking({ status: 'CONFIRMED' }));
    const ofName = async (api: typeof theirs, name: string) =>
      (await answered(200, api('GET', '/campaigns'))).campaigns.find((each: { name: string }) => each.name === name);
    const confirmation = await ofName(theirs, 'confirmation');
    const path = `/campaigns/${confirmation.id}`;
    const off = { ...confirmation, enabled: false };
    expect(await answered(200, theirs('PATCH', path, { enabled: false }))).toEqual(off);
    expect(await ofName(theirs, 'confirmation')).toEqual(off);
    expect(await ofName(theirs, 'cancellation')).toMatchObject({ enabled: true });
    expect(await ofName(stage.api, 'confirmation')).toMatchObject({ enabled: true });
    await desk.settle();
    const skipped = { orderId: 'order-1', state: 'skipped' };
    expect(await desk.messages()).toMatchObject([skipped]);
    expect(await answered(200, theirs('PATCH', path, { enabled: true }))).toEqual(confirmation);
    await answered(404, stage.api('PATCH', path, { enabled: false }));
    expect(await ofName(theirs, 'confirmation')).toEqual(confirmation);
    const later = { uuid: '0b0b0b0b-0000-4000-8000-000000000002', orderId: 'order-2' };
    await given(desk, booking(later));
    await desk.happens(booking({ ...later, status: 'CONFIRMED' }));
    await desk.settle();
    expect(await desk.messages()).toMatchObject([{ orderId: 'order-2', state: 'sent' }, skipped]);
    for (const id of ['none', '%00']) await answered(404, theirs('PATCH', `/campaigns/${id}`, { enabled: false }));
  });

  it.each([
    [{ enabled: 'no' }, 'enabled'],
    [{ enabled: null }, 'enabled'],
    [{ enabled: false, nam: 'mine' }, 'nam'],
  ])('refuse %j, naming the field, and stay as they are', async (body, field) => {
    const stage = await openStage(await open());
    const before = await answered(200, stage.api('GET', '/campaigns'));
    const path = `/campaigns/${before.campaigns[0].id}`;
    const { error, message } = await answered(400, stage.api('PATCH', path, body));
    expect([error, message]).toEqual(['bad_request', expect.stringContaining(field)]);
    expect(await answered(200, stage.api('GET', '/campaigns'))).toEqual(before);
  });
});
