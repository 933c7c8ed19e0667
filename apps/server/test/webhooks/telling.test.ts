import { createHmac } from 'node:crypto';
import { expect, it, vi } from 'vitest';
import { createChanges, type RecordedEvent } from '../../src/changes/index.ts';
import { createTrials } from '../../src/webhooks/index.ts';
import { accepted } from '../supplier/stage.ts';
import { onEachEngine } from '../support/databases.ts';
import { allIn, openings, waiting } from './stage.ts';

const template = (body: string, headers: Record<string, string> = {}) => ({
  transformation: { body, headers, parameters: {} },
});

onEachEngine('what a webhook is told', (open) => {
  const { stage: stageOn, receiver: receiverOn } = openings();
  const opened = async (answer?: Parameters<typeof receiverOn>[0]) => {
    const db = await open();
    const events: RecordedEvent[] = [];
    const stage = await stageOn(db, { listeners: [{ recorded: async (_, told) => void events.push(...told) }] });
    const receiver = await receiverOn(answer);
    stage.engine.start();
    const set = async (id: string, change: Parameters<typeof stage.subscriptions.set>[2]) => {
      const after = await stage.subscriptions.set(stage.sample.supplierId, id, change);
      if (after === undefined) throw new Error('there is no such webhook');
      return accepted(after);
    };
    const booked = async () => {
      const { uuid } = await stage.hold();
      await stage.confirm(uuid);
      return uuid;
    };
    return { db, stage, receiver, events, set, booked };
  };

  it('is what its filter lets through; each diff is of its own event, whatever was left out before it', async () => {
    const { stage, receiver, events, set, booked } = await opened();
    const { id } = await stage.subscribe(receiver.url);
    await stage.subscribe(`${receiver.url}/all`);
    await set(id, { filter: { changes: ['/notes'] } });
    const uuid = await booked();
    await stage.note(uuid, 'by the window');
    accepted(await stage.supplier.update(stage.website, uuid, { resellerReference: 'R-1' }));
    await stage.note(uuid, 'at the bow');
    await allIn(stage, 'delivered', 6);
    const [told, all] = ['/hook', '/hook/all'].map((path) =>
      receiver.received.filter((one) => one.path === path).map((one) => JSON.parse(one.body)),
    );
    expect(all).toHaveLength(4);
    expect(told!.map(({ booking }) => booking.notes)).toEqual(['by the window', 'at the bow']);
    const noted = events.filter(({ type, position }) => type === 'booking_update' && position > 2);
    expect(noted).toHaveLength(3);
    // The reference that came between is part of the second one's object, and not of its diff.
    expect(told![1].booking.resellerReference).toBe('R-1');
    expect(told![1].diff.map((operation: { path: string }) => operation.path)).toEqual(
      expect.not.arrayContaining(['/resellerReference']),
    );
    expect(told![1].diff).toContainEqual({ op: 'replace', path: '/notes', was: 'by the window', value: 'at the bow' });
    expect(told![1].diff).toEqual(all![3].diff);
  });

  it('is of its products, statuses and kind of booking only', async () => {
    const { stage, receiver, set, booked } = await opened();
    const { productId } = stage.sample.products.cruise;
    const wanted = { filter: { products: [productId], statuses: ['CONFIRMED'], mode: 'live' } } as const;
    for (const filter of [wanted.filter, { ...wanted.filter, mode: 'test' as const }, { products: ['another'] }]) {
      await set((await stage.subscribe(receiver.url)).id, { filter });
    }
    const uuid = await booked();
    accepted(await stage.supplier.cancel(stage.website, uuid, {}));
    await allIn(stage, 'delivered', 1);
    expect(JSON.parse(receiver.received[0]!.body).booking).toMatchObject({ status: 'CONFIRMED', productId });
  });

  it('is ids, position and an address where its payload is thin, and everything again when it is full', async () => {
    const { stage, receiver, set, booked } = await opened();
    const { id } = await stage.subscribe(receiver.url);
    await set(id, { payload: 'thin' });
    const uuid = await booked();
    await allIn(stage, 'delivered', 1);
    const [{ headers, body }] = receiver.received as [(typeof receiver.received)[number]];
    expect(JSON.parse(body)).toEqual({
      event: 'booking_update',
      webhook: { id },
      supplier: { id: stage.sample.supplierId, endpoint: 'https://x.example/octo' },
      booking: { id: expect.any(String), uuid, url: `https://x.example/octo/bookings/${uuid}` },
      position: 2,
    });
    expect(headers['webhook-signature']).toMatch(/^v1,/);
    await set(id, { payload: 'full' });
    await stage.note(uuid, 'by the window');
    await allIn(stage, 'delivered', 2);
    expect(JSON.parse(receiver.received[1]!.body)).toMatchObject({ booking: { uuid, notes: 'by the window' } });
  });

  it('is what its templates make of it: rendered once, signed, and the same bytes at every attempt', async () => {
    const { stage, receiver, set, booked } = await opened((_, count) => (count === 1 ? 503 : 204));
    const { id, signingSecret } = await stage.subscribe(receiver.url, {
      headers: { 'X-Kind': 'own', 'X-Token': 'hush' },
    });
    const body =
      '{"to": {{ booking.contact.emailAddress | json }}, "why": {{ occasions | json }}, "id": {{ delivery.id | json }}}';
    await set(id, template(body, { 'X-Kind': '{{ emailType }}', 'content-type': 'application/vnd.api+json' }));
    await booked();
    await vi.waitFor(() => expect(receiver.received).toHaveLength(1), waiting);
    // Frozen: what the template is by now does not matter.
    await set(id, template('{"changed": true}'));
    await vi.waitFor(async () => {
      expect((await stage.deliveries())[0]).toMatchObject({ state: 'pending', step: 1, lease_token: null });
    }, waiting);
    stage.clock.now += 60_000;
    await allIn(stage, 'delivered', 1);
    const [first, second] = receiver.received as [
      (typeof receiver.received)[number],
      (typeof receiver.received)[number],
    ];
    expect(second.body).toBe(first.body);
    const delivery = first.headers['webhook-id'] as string;
    expect(JSON.parse(first.body)).toEqual({ to: 'ada@example.com', why: ['confirmed'], id: delivery });
    for (const { headers } of [first, second]) {
      expect(headers).toMatchObject({
        'x-kind': 'confirmation',
        'x-token': 'hush',
        'content-type': 'application/vnd.api+json',
        'webhook-id': delivery,
      });
      const key = Buffer.from(signingSecret.slice('whsec_'.length), 'base64');
      const signed = `${delivery}.${headers['webhook-timestamp']}.${first.body}`;
      expect(headers['webhook-signature']).toBe(`v1,${createHmac('sha256', key).update(signed).digest('base64')}`);
    }
  });

  it('is nothing where its template renders nothing', async () => {
    const { stage, receiver, set, booked } = await opened();
    const { id } = await stage.subscribe(receiver.url);
    await set(id, template('{% if booking.notes %}{"notes": {{ booking.notes | json }}}{% endif %}'));
    const uuid = await booked();
    await stage.note(uuid, 'by the window');
    await allIn(stage, 'delivered', 1);
    expect(receiver.received.map(({ body }) => body)).toEqual(['{"notes": "by the window"}']);
  });

  it('gives up with the reason where its template fails, and neither fails the change nor holds up what follows', async () => {
    const { db, stage, receiver, set, booked } = await opened();
    const { id } = await stage.subscribe(receiver.url);
    await set(id, template('{"notes":\n{{ booking.notes }}}'));
    const uuid = await booked();
    await stage.note(uuid, 'no JSON');
    await stage.note(uuid, '12');
    await vi.waitFor(() => expect(receiver.received.map(({ body }) => body)).toEqual(['{"notes":\n12}']), waiting);
    const given = (await stage.deliveries()).filter(({ state }) => state === 'gave_up');
    expect(given).toHaveLength(2);
    for (const { reason } of given) expect(reason).toMatch(/^its transformation failed: body: does not render JSON/);
    expect(given.some(({ reason }) => reason?.includes('no JSON'))).toBe(false);
    await vi.waitFor(async () => expect(await stage.attempts()).toHaveLength(1), waiting);

    // Mended, they have a body; it is sent when somebody retries them.
    const trials = createTrials({ db, changes: createChanges({ listeners: [], now: Date.now, newId: () => '' }) });
    const key = { supplierId: stage.sample.supplierId, id };
    await set(id, template('{% if booking.notes %}{"notes": {{ booking.notes | json }}}{% endif %}'));
    expect(await trials.renderAgain(key)).toEqual({ rendered: 1, nothing: 1, failed: 0, next: null });
    expect(await trials.renderAgain(key)).toEqual({ rendered: 0, nothing: 0, failed: 0, next: null });
    expect(receiver.received).toHaveLength(1);
    const again = (await stage.deliveries()).map(({ state }) => state).sort();
    expect(again).toEqual(['cancelled', 'delivered', 'gave_up']);
    await db.run(`update deliveries set state = 'pending', is_head = 1, due_at = 0 where state = 'gave_up'`, []);
    await vi.waitFor(() => expect(receiver.received.at(-1)?.body).toBe('{"notes": "no JSON"}'), waiting);
  });

  it('fails neither the change nor what others are told where its template takes too long', async () => {
    const { stage, receiver, set, booked } = await opened();
    const spin = '{% for i in (1..30000) %}{% for j in (1..30000) %}{% endfor %}{% endfor %}';
    const slow = await stage.subscribe(receiver.url);
    const quick = await stage.subscribe(`${receiver.url}/quick`);
    await set(slow.id, template(`${spin}{}`, { 'X-A': spin, 'X-B': spin }));
    await set(quick.id, template('{"status": {{ booking.status | json }}}'));
    await booked();
    await vi.waitFor(
      () => expect(receiver.received.map(({ body }) => body)).toEqual(['{"status": "CONFIRMED"}']),
      waiting,
    );
    const given = (await stage.deliveries()).filter(({ webhook_id }) => webhook_id === slow.id);
    expect(given).toMatchObject([{ state: 'gave_up', reason: expect.stringMatching(/body.*render limit exceeded/) }]);
  });

  it('is rendered again a portion at a time', async () => {
    const { db, stage, receiver, set, booked } = await opened();
    const { id } = await stage.subscribe(receiver.url);
    await set(id, template('no JSON'));
    const uuid = await booked();
    for (let n = 0; n < 24; n++) await stage.note(uuid, `${n}`);
    await set(id, template('{"notes": {{ booking.notes | json }}}'));
    const trials = createTrials({ db, changes: createChanges({ listeners: [], now: Date.now, newId: () => '' }) });
    const key = { supplierId: stage.sample.supplierId, id };
    const [first] = await db.all<{ id: string }>('select id from deliveries order by id limit 1');
    expect(await trials.renderAgain(key, first!.id)).toEqual({ rendered: 24, nothing: 0, failed: 0, next: null });
    expect(await trials.renderAgain(key)).toEqual({ rendered: 1, nothing: 0, failed: 0, next: null });
  });

  it('is never sent as it would be without its template, whoever makes a failed one due', async () => {
    const { db, stage, receiver, set, booked } = await opened();
    const { id } = await stage.subscribe(receiver.url);
    await set(id, template('nothing like JSON'));
    await booked();
    await db.run(`update deliveries set state = 'pending', is_head = 1, due_at = 0`, []);
    db.notify('deliveries');
    await allIn(stage, 'gave_up', 1);
    expect(receiver.received).toEqual([]);
    expect(await stage.attempts()).toEqual([]);
  });

  it('can be tried on the latest event before anything is sent', async () => {
    const { db, stage, receiver, set, booked } = await opened();
    const { id } = await stage.subscribe(receiver.url);
    const trials = createTrials({ db, changes: createChanges({ listeners: [], now: Date.now, newId: () => '' }) });
    const key = { supplierId: stage.sample.supplierId, id };
    expect(await trials.preview(key, {})).toBe('no_transformation');
    await set(id, { filter: { statuses: ['CANCELLED'] } });
    const { transformation } = template('{"status": {{ booking.status | json }}}');
    expect(await trials.preview(key, { transformation })).toBe('no_event');
    const uuid = await booked();
    const shown = await trials.preview(key, { transformation });
    expect(shown).toMatchObject({ matches: false, body: '{"status": "CONFIRMED"}', problems: [] });
    accepted(await stage.supplier.cancel(stage.website, uuid, {}));
    expect(await trials.preview(key, { transformation })).toMatchObject({
      matches: true,
      body: '{"status": "CANCELLED"}',
    });
    const { event } = shown as { event: { id: string } };
    const wrong = template('{\n  "status": {{ booking.status | shout }}}').transformation;
    expect(await trials.preview(key, { transformation: wrong, eventId: event.id })).toMatchObject({
      event: { id: event.id },
      body: null,
      problems: [{ part: 'body', message: 'undefined filter: shout', line: 2, column: 13 }],
    });
    expect(await trials.preview({ ...key, supplierId: 'another' }, { transformation })).toBeUndefined();
  });
});
