import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { reconcile } from '../../src/commands/index.ts';
import { listen } from '../../src/platform/http/index.ts';
import { onEachEngine } from '../support/databases.ts';
import { answered, openStage, type Stage } from './stage.ts';

/** A webhook of the website with the delivery of one confirmed booking, which has ended as given up. */
async function owed(stage: Stage) {
  const webhook = (
    await stage.octo.website('POST', '/webhooks', { event: 'booking_update', url: 'https://crm.example/hook' })
  ).body;
  const { supplierId } = stage.sample;
  const eventId = '00000000-0000-4000-8000-00000000000e';
  await stage.db.run(
    `insert into events (id, supplier_id, type, subject_id, position, after, created_at)
     values ($1, $2, 'booking_update', 'b', 1, '{}', $3)`,
    [eventId, supplierId, stage.clock.now],
  );
  await stage.db.run(`insert into views (id, event_id, owed, language, body) values ('v', $1, 1, 'en', 'body')`, [
    eventId,
  ]);
  const [version] = await stage.db.all<{ id: string }>('select id from webhook_versions where webhook_id = $1', [
    webhook.id,
  ]);
  await stage.db.run(
    `insert into deliveries (id, supplier_id, webhook_id, webhook_version_id, event_id, view_id, lane, position, state, reason,
                             is_head, step, due_at, lease_until, created_at, ended_at)
     values ('d', $1, $2, $3, $4, 'v', 'booking_update/b', 1, 'gave_up', 'the receiver answered 500', 1, 10, 0, 0, $5, $5)`,
    [supplierId, webhook.id, version?.id ?? '', eventId, stage.clock.now],
  );
  return webhook.id as string;
}

/** As many more deliveries like that one, of other events. */
async function copies(stage: Stage, count: number) {
  for (let made = 1; made <= count; made++) {
    await stage.db.run(
      `insert into deliveries (id, supplier_id, webhook_id, webhook_version_id, event_id, view_id, lane, position, state, reason,
                               is_head, step, due_at, lease_until, created_at, ended_at)
       select id || $1, supplier_id, webhook_id, webhook_version_id, event_id || $1, view_id, lane, position, state, reason,
              is_head, step, due_at, lease_until, created_at, ended_at
         from deliveries where id = 'd'`,
      [String(made)],
    );
  }
}

onEachEngine('what was owed, over /api', (open) => {
  it('is counted, sent again and cancelled by the operator', async () => {
    const stage = await openStage(await open());
    const webhook = await owed(stage);
    const path = `/webhooks/${webhook}/replays`;
    expect(await answered(200, stage.api('POST', path, { dryRun: true }))).toEqual({ dryRun: true, found: 1 });
    expect(await answered(200, stage.api('GET', '/replays'))).toEqual({ replays: [] });
    const replay = await answered(201, stage.api('POST', path, { states: ['gave_up'], perSecond: 10 }));
    expect(replay).toMatchObject({ webhookId: webhook, state: 'running', found: 1, opened: 0, states: ['gave_up'] });
    expect((await answered(422, stage.api('POST', path, {}))).message).toContain('under way');
    expect(await answered(200, stage.api('GET', `/replays/${replay.id}`))).toEqual(replay);
    expect(await answered(200, stage.api('GET', `/replays?webhook=${webhook}`))).toEqual({ replays: [replay] });
    expect(await answered(200, stage.api('GET', '/replays?webhook=another'))).toEqual({ replays: [] });
    expect(await answered(200, stage.api('GET', `/replays?before=${replay.id}`))).toEqual({ replays: [] });
    const cancelled = await answered(200, stage.api('POST', `/replays/${replay.id}/cancel`));
    expect(cancelled).toMatchObject({ state: 'cancelling', reason: 'cancelled by the operator' });
    for (const [body, field] of [
      [{ from: 'yesterday' }, 'from'],
      [{ states: ['pending'] }, 'states'],
      [{ events: ['everything'] }, 'events'],
      [{ perSecond: 0 }, 'perSecond'],
      [{ since: 0 }, 'since'],
    ] as const) {
      expect((await answered(400, stage.api('POST', path, body))).message).toContain(field);
    }
    await answered(404, stage.api('POST', '/webhooks/nothing/replays', {}));
    await answered(404, stage.api('POST', '/webhooks/nothing/replays', { dryRun: true }));

    const retried = await answered(200, stage.api('POST', '/deliveries/d/retry'));
    expect(retried).toMatchObject({ id: 'd', state: 'pending', step: 0, reason: null, endedAt: null });
    const ended = await answered(200, stage.api('POST', '/deliveries/d/cancel', { reason: 'known' }));
    expect(ended).toMatchObject({ state: 'cancelled', reason: 'cancelled by the operator: known' });
    const twice = await answered(422, stage.api('POST', '/deliveries/d/cancel', {}));
    expect(twice.message).toBe('It cannot be cancelled: it has ended.');
    await stage.db.run('delete from views');
    const pruned = await answered(422, stage.api('POST', '/deliveries/d/retry'));
    expect(pruned.message).toBe('It cannot be sent again: its body was pruned.');
    await answered(404, stage.api('POST', '/deliveries/nothing/retry'));
    expect((await answered(400, stage.api('POST', '/deliveries/d/cancel', { why: 'x' }))).message).toContain('why');
  });

  it('is accounted for, in a range that is told in either way', async () => {
    const stage = await openStage(await open());
    const webhook = await owed(stage);
    const { now } = stage.clock;
    const day = new Date(now).toISOString().slice(0, 10);
    for (const from of [String(now), day, new Date(now).toISOString()]) {
      const report = await answered(200, stage.api('GET', `/reconciliation?from=${from}`));
      expect(report).toMatchObject({ owed: 1, gaveUp: 1, unaccounted: 0, webhooks: [{ webhookId: webhook, owed: 1 }] });
    }
    const query = `from=${now}&limit=1`;
    const { undelivered, next } = await answered(200, stage.api('GET', `/reconciliation/undelivered?${query}`));
    expect(undelivered).toMatchObject([{ id: 'd', state: 'gave_up', reason: 'the receiver answered 500' }]);
    expect(next).toBeNull();
    const after = encodeURIComponent(`${now}.d`);
    const rest = await answered(200, stage.api('GET', `/reconciliation/undelivered?${query}&after=${after}`));
    expect(rest).toEqual({ undelivered: [], next: null });
    for (const [wrong, field] of [
      ['', 'from'],
      ['from=yesterday', 'from'],
      ['from=2026-06-01T08:00', 'from'],
      ['from=5&to=4', 'to'],
      ['from=5&to=-1', 'to'],
    ] as const) {
      expect((await answered(400, stage.api('GET', `/reconciliation?${wrong}`))).message).toContain(field);
    }
    await answered(400, stage.api('GET', `/reconciliation/undelivered?${query}&after=nothing`));
  });

  it('is accounted for by `carillon reconcile`, whose exit code tells whether all is', async () => {
    const stage = await openStage(await open());
    await owed(stage);
    const server = await listen({
      fetch: async (request) =>
        stage.adminRequest(new URL(request.url).pathname + new URL(request.url).search, { headers: request.headers }),
      host: '127.0.0.1',
      port: 0,
      nextFreePort: false,
    });
    const said: string[] = [];
    const silent = createServer(() => 'no answer');
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const run = (...args: readonly string[]) =>
      reconcile({
        args: ['--url', server.url, ...args],
        env: { CARILLON_ADMIN_TOKEN: 'ours' },
        say: (line) => said.push(line),
        complain: (line) => said.push(line),
        limitMs: 2000,
      });
    try {
      expect(await run('--from', String(stage.clock.now))).toBe(0);
      expect(said.splice(0).join('\n')).toMatch(/1 owed[\s\S]*accounted for[\s\S]*gave_up: the receiver answered 500/);
      expect(await run('--from', '0', '--json')).toBe(0);
      expect(JSON.parse(said.splice(0).join(''))).toMatchObject({
        owed: 1,
        unaccounted: 0,
        undelivered: [{ state: 'gave_up' }],
      });
      await copies(stage, 220);
      expect(await run('--from', '0')).toBe(0);
      expect(said.splice(0).at(-1)).toBe('  … and 201 more: --json lists all of them');
      expect(await run('--from', '0', '--json')).toBe(0);
      const { undelivered } = JSON.parse(said.splice(0).join('\n'));
      expect(new Set(undelivered.map(({ id }: { readonly id: string }) => id)).size).toBe(221);
      await stage.db.run('delete from deliveries');
      expect(await run('--from', '0')).toBe(1);
      expect(said.splice(0).join('\n')).toMatch(/1 unaccounted for:\n {2}lost: event 0{8}-/);
      expect(await run('--from', 'yesterday')).toBe(2);
      expect(said.splice(0).join('\n')).toContain('from');
      expect(await run('--from', '0', '--token', 'guessed')).toBe(2);
      expect(await run('--to', '0')).toBe(2);
      expect(said.splice(0).join('\n')).toContain('--from TIME');
      expect(await run('--from', '0', '--url', 'http://127.0.0.1:9')).toBe(2);
      expect(said.splice(0).join('\n')).toContain('no answer');
      const { port } = silent.address() as AddressInfo;
      expect(await run('--from', '0', '--url', `http://127.0.0.1:${port}`)).toBe(2);
      expect(said.join('\n')).toContain('no whole answer at');
    } finally {
      silent.close();
      silent.closeAllConnections();
      await server.stop(1000);
    }
  });
});
