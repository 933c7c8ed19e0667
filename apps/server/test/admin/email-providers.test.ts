import { expect, it } from 'vitest';
import { newId } from '../email/desk.ts';
import { mailjetDouble } from '../email/mailjet-double.ts';
import { postmarkDouble } from '../email/postmark-double.ts';
import { onEachEngine } from '../support/databases.ts';
import { answered, openStage } from './stage.ts';

const postmark = { kind: 'postmark', name: 'Postmark', settings: { serverToken: 'server-token' } };
const mailjet = { kind: 'mailjet', name: 'Mailjet', settings: { apiKey: 'key', apiSecret: 'secret' } };
const smtp = { kind: 'smtp', name: 'SMTP', settings: { url: 'smtp://me:hunter22@mail.example:2525' } };
const publicUrl = 'https://carillon.example';

onEachEngine('e-mail providers over /api', (open) => {
  /** Both vendors, and a stage that the outside reaches at `publicUrl`. */
  async function connected(run: (at: Awaited<ReturnType<typeof doubles>>) => Promise<void>) {
    const at = await doubles();
    try {
      await run(at);
    } finally {
      await Promise.all([at.atPostmark.close(), at.atMailjet.close()]);
    }
  }
  async function doubles() {
    const [atPostmark, atMailjet] = await Promise.all([postmarkDouble(), mailjetDouble()]);
    const vendors = { postmark: atPostmark.url, mailjet: atMailjet.url };
    return { atPostmark, atMailjet, ...(await openStage(await open(), { publicUrl, vendors, newId })) };
  }

  it('never show a secret again, and keep none in clear', async () => {
    const { api, db } = await openStage(await open(), { newId });
    for (const wanted of [postmark, mailjet, smtp]) {
      const made = await answered(
        201,
        api('POST', '/email-providers', { ...wanted, sender: 'guests@harbour.example' }),
      );
      expect(made).toMatchObject({ kind: wanted.kind, name: wanted.name, isDefault: wanted === postmark });
    }
    const { providers } = await answered(200, api('GET', '/email-providers'));
    expect(providers.map(({ settings }: { settings: object }) => settings)).toEqual([
      { streams: { transactional: 'outbound', broadcast: 'broadcast' } },
      { sandbox: false },
      { host: 'mail.example', port: 2525 },
    ]);
    const stored = JSON.stringify(await db.all('select * from email_providers'));
    for (const secret of ['server-token', 'hunter22', '"secret"']) {
      expect([JSON.stringify(providers).includes(secret), stored.includes(secret)]).toEqual([false, false]);
    }
  });

  it('are told where their reports go when they are connected, and asked whether they know', () =>
    connected(async ({ api, atPostmark, atMailjet }) => {
      const made = await answered(201, api('POST', '/email-providers', postmark));
      expect(made.callbacks).toEqual({ state: 'connected', detail: null });
      const { url, username, password } = made.callback;
      expect(url).toMatch(/^https:\/\/carillon\.example\/providers\/postmark\/cb_[\w-]{43}$/);
      const hook = { Url: url, HttpAuth: { Username: username, Password: password } };
      expect([...atPostmark.webhooks.values()]).toMatchObject([
        { ...hook, MessageStream: 'outbound', Triggers: { Delivery: { Enabled: true } } },
        { ...hook, MessageStream: 'broadcast' },
      ]);
      const other = await answered(201, api('POST', '/email-providers', mailjet));
      expect(other.callbacks).toEqual({ state: 'connected', detail: null });
      const events = [...atMailjet.callbacks.values()].map(({ EventType }) => EventType);
      expect(events).toEqual(['sent', 'open', 'click', 'bounce', 'blocked', 'spam', 'unsub']);
      const address = new URL(String(atMailjet.callbacks.get(1)?.Url));
      expect([address.username, address.password]).toEqual(['carillon', other.callback.password]);
      // Once more, and there are no more of them.
      await answered(200, api('PATCH', `/email-providers/${made.id}`, { settings: { serverToken: 'server-token' } }));
      await answered(200, api('PATCH', `/email-providers/${other.id}`, { settings: { sandbox: true } }));
      expect([atPostmark.webhooks.size, atMailjet.callbacks.size]).toEqual([2, 7]);
    }));

  it('say what kept them from it, and are there nevertheless', () =>
    connected(async ({ api, atMailjet }) => {
      const wrong = { ...postmark, settings: { serverToken: 'another' } };
      const made = await answered(201, api('POST', '/email-providers', wrong));
      expect(made.callbacks).toEqual({ state: 'failed', detail: expect.stringContaining('Postmark') });
      const mended = { settings: { serverToken: 'server-token' } };
      expect(await answered(200, api('PATCH', `/email-providers/${made.id}`, mended))).toMatchObject({
        callbacks: { state: 'connected' },
      });
      atMailjet.callbacks.set(1, { ID: 1, EventType: 'open', Url: 'https://crm.example/', Status: 'alive' });
      const other = await answered(201, api('POST', '/email-providers', mailjet));
      expect(other.callbacks).toEqual({ state: 'failed', detail: expect.stringContaining('open') });
      expect(atMailjet.callbacks.get(1)).toMatchObject({ Url: 'https://crm.example/' });
    }));

  it('that nobody can reach from outside say so', async () => {
    const { api } = await openStage(await open(), { newId });
    const { callbacks, callback } = await answered(201, api('POST', '/email-providers', postmark));
    expect(callbacks).toEqual({ state: 'not_reachable', detail: expect.stringContaining('CARILLON_PUBLIC_URL') });
    expect(callback.url).toMatch(/^\/providers\/postmark\//);
  });

  it('have one default among them', async () => {
    const { api } = await openStage(await open(), { newId });
    const first = await answered(201, api('POST', '/email-providers', smtp));
    const second = await answered(201, api('POST', '/email-providers', { kind: 'mailbox', name: 'Mailbox' }));
    await answered(200, api('PATCH', `/email-providers/${second.id}`, { isDefault: true }));
    const defaults = async () =>
      (await answered(200, api('GET', '/email-providers'))).providers.map(
        (one: { isDefault: boolean }) => one.isDefault,
      );
    expect(await defaults()).toEqual([false, true]);
    await answered(200, api('DELETE', `/email-providers/${second.id}`));
    expect(await defaults()).toEqual([false]);
    await answered(404, api('DELETE', `/email-providers/${second.id}`));
    await answered(404, api('PATCH', `/email-providers/${second.id}`, { name: 'x' }));
    expect(await answered(200, api('PATCH', `/email-providers/${first.id}`, { sender: null }))).toMatchObject({
      settings: { host: 'mail.example' },
    });
  });

  it.each([
    [{ kind: 'pigeon', name: 'x', settings: {} }, 400, 'kind'],
    [{ ...postmark, settings: {} }, 400, 'settings.serverToken'],
    [{ ...postmark, settings: { serverToken: 'x', key: 'y' } }, 400, 'key'],
    [{ ...smtp, settings: { url: 'http://mail.example' } }, 400, 'settings.url'],
    [{ ...smtp, sender: 'nobody' }, 400, 'sender'],
    [{ ...smtp, name: 'Taken' }, 422, 'name'],
  ])('refuse %j, naming the field', async (wanted, status, field) => {
    const { api } = await openStage(await open(), { newId });
    await answered(201, api('POST', '/email-providers', { kind: 'mailbox', name: 'Taken' }));
    const { message } = await answered(status, api('POST', '/email-providers', wanted));
    expect(message).toContain(field);
    expect((await answered(200, api('GET', '/email-providers'))).providers).toHaveLength(1);
  });

  it('refuse a change that does not fit, naming the field, and stay as they are', async () => {
    const { api } = await openStage(await open(), { newId });
    const made = await answered(201, api('POST', '/email-providers', postmark));
    const before = await answered(200, api('GET', '/email-providers'));
    const path = `/email-providers/${made.id}`;
    for (const [edit, field] of [
      [{ settings: { serverToken: '' } }, 'settings.serverToken'],
      [{ settings: { url: 'smtp://x' } }, 'url'],
    ] as const) {
      expect((await answered(422, api('PATCH', path, edit))).message).toContain(field);
    }
    expect((await answered(400, api('PATCH', path, { kind: 'smtp' }))).message).toContain('kind');
    expect(await answered(200, api('GET', '/email-providers'))).toEqual(before);
  });
});

onEachEngine('suppressions over /api', (open) => {
  it('are made, found by their address and removed', async () => {
    const { api } = await openStage(await open(), { newId });
    const made = await answered(201, api('POST', '/suppressions', { address: 'Ada@example.com' }));
    expect(made).toMatchObject({ scope: 'all', reason: 'manual', source: 'operator' });
    expect(await answered(201, api('POST', '/suppressions', { address: 'ada@example.com' }))).toEqual(made);
    const found = await answered(200, api('GET', '/suppressions?address=ADA@example.com'));
    expect(found).toEqual({ suppressions: [made] });
    expect(JSON.stringify(found)).not.toContain('example.com');
    await answered(200, api('DELETE', `/suppressions/${made.id}`));
    await answered(404, api('DELETE', `/suppressions/${made.id}`));
    expect(await answered(200, api('GET', '/suppressions'))).toEqual({ suppressions: [] });
    for (const address of ['nobody', '', 17]) {
      expect((await answered(400, api('POST', '/suppressions', { address }))).message).toContain('address');
    }
  });
});
