import { expect, it } from 'vitest';
import { onEachEngine } from '../support/databases.ts';
import { answered, openStage } from './stage.ts';

onEachEngine('alerts over /api', (open) => {
  it('are set a part at a time, and the secret of the operational webhook is shown once', async () => {
    const { api } = await openStage(await open());
    expect(await answered(200, api('GET', '/alerts'))).toEqual({ emails: [], url: null });
    const emails = ['ops@operator.example', 'dev@operator.example'];
    expect(await answered(200, api('PATCH', '/alerts', { emails: [...emails, emails[0]] }))).toEqual({
      emails,
      url: null,
      signingSecret: null,
    });
    const url = 'https://alerts.example/in?key=1';
    expect(await answered(200, api('PATCH', '/alerts', { url }))).toEqual({
      emails,
      url,
      signingSecret: expect.stringMatching(/^whsec_/),
    });
    expect(await answered(200, api('GET', '/alerts'))).toEqual({ emails, url });
    expect(await answered(200, api('PATCH', '/alerts', { url }))).toMatchObject({ signingSecret: null });
    expect(await answered(200, api('PATCH', '/alerts', { emails: [], url: null }))).toMatchObject({
      emails: [],
      url: null,
    });
  });

  it.each([
    [{ emails: ['Ops <ops@operator.example>'] }, 'emails'],
    [{ emails: 'ops@operator.example' }, 'emails'],
    [{ url: 'ftp://alerts.example/' }, 'url'],
    [{ url: 'https://user:password@alerts.example/' }, 'url must not carry a user name or password'],
    [{ url: 'https://alerts.example/ x' }, 'url'],
    [{ email: 'ops@operator.example' }, 'email'],
  ])('refuses %j and names the field', async (body, named) => {
    const { api } = await openStage(await open());
    const { message } = await answered(400, api('PATCH', '/alerts', body));
    expect(message).toContain(named);
    expect(await answered(200, api('GET', '/alerts'))).toEqual({ emails: [], url: null });
  });

  it('an enabled webhook says what it missed, and notices are listed newest first, a page at a time', async () => {
    const { api, db, octo, sample } = await openStage(await open());
    const url = 'https://crm.example/';
    const { id } = (await octo.website('POST', '/webhooks', { event: 'booking_update', url }, {})).body;
    await db.run(
      `insert into webhook_health (webhook_id, failures, failing_since, last_failure_at, failing_days, rests)
       values ($1, 7, 1000, 2000, 2, 0)`,
      [id],
    );
    for (const [delivery, state, endedAt] of [
      ['before', 'gave_up', 999],
      ['missed', 'gave_up', 1000],
      ['missed too', 'gave_up', 2000],
      ['fine', 'delivered', 2000],
    ]) {
      await db.run(
        `insert into deliveries (id, supplier_id, webhook_id, webhook_version_id, event_id, view_id, lane, position, state,
                                 is_head, step, due_at, lease_until, created_at, ended_at)
         values ($1, $2, $3, 'v', $1, 'v', 'l', 1, $4, 1, 1, 0, 0, 0, $5)`,
        [delivery as string, sample.supplierId, id, state as string, endedAt as number],
      );
    }
    expect(await answered(200, api('POST', `/webhooks/${id}/enable`))).toEqual({
      state: 'active',
      missed: { since: 1000, gaveUp: 2 },
    });
    expect(await answered(200, api('POST', `/webhooks/${id}/enable`))).toMatchObject({
      missed: { since: null, gaveUp: 0 },
    });
    for (const [notice, at] of [
      ['n1', 1],
      ['n2', 2],
      ['n3', 2],
    ] as const) {
      const body = { event: 'webhook_failing', since: null, failures: 1, lastError: null, disablesAt: null };
      await db.run(
        `insert into notices (id, supplier_id, webhook_id, kind, body, created_at)
         values ($1, $2, $3, 'webhook_failing', $4, $5)`,
        [notice, sample.supplierId, id, JSON.stringify(body), at],
      );
    }
    const ids = async (query: string) =>
      (await answered(200, api('GET', `/notices${query}`))).notices.map((notice: { id: string }) => notice.id);
    expect(await ids('')).toEqual(['n3', 'n2', 'n1']);
    expect(await ids('?limit=1&before=n3')).toEqual(['n2']);
    expect(await ids('?before=unknown')).toEqual([]);
  });
});
