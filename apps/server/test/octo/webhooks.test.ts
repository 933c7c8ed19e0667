import { expect, test } from 'vitest';
import { onEachEngine } from '../support/databases.ts';
import { ok, openStage, refused } from './stage.ts';

const creation = { event: 'booking_update', url: 'https://crm.example/hook' };
const capabilities = (list: string) => ({ 'octo-capabilities': list });

onEachEngine('webhooks over OCTO', (open) => {
  test('the signing secret is in the answer to the creation, then and never again', async () => {
    const { octo } = await openStage(await open());
    const { signingSecret, ...made } = await ok(octo.website('POST', '/webhooks', creation));
    expect(signingSecret).toMatch(/^whsec_/);
    expect(made).toEqual({
      id: expect.any(String),
      ...creation,
      retryOnError: true,
      useContactLanguage: true,
      headers: {},
      capabilities: [],
    });
    expect(await ok(octo.website('GET', `/webhooks/${made.id}`))).toEqual(made);
    expect(await ok(octo.website('GET', '/webhooks'))).toEqual([made]);
    expect(await ok(octo.website('PATCH', `/webhooks/${made.id}`, { retryOnError: false }))).toEqual({
      ...made,
      retryOnError: false,
    });
  });

  test('credentials and header values are taken and not shown', async () => {
    const { octo } = await openStage(await open());
    const secret = { url: 'https://user:pa55@crm.example/hook', headers: { 'X-Token': 'hush-hush' } };
    const made = await ok(octo.website('POST', '/webhooks', { ...creation, ...secret }));
    const seen = JSON.stringify([made, await ok(octo.website('GET', '/webhooks'))]);
    expect(seen).not.toMatch(/pa55|hush-hush/);
    expect(Object.keys(made.headers)).toEqual(['X-Token']);
  });

  test('capabilities are those of the header, or of the body when the header has nothing beyond octo/webhooks', async () => {
    const { octo } = await openStage(await open());
    const made = async (header: string, body: object) =>
      (await ok(octo.website('POST', '/webhooks', { ...creation, ...body }, capabilities(header)))).capabilities;
    expect(await made('octo/webhooks, pricing', { capabilities: ['octo/content'] })).toEqual(['octo/pricing']);
    expect(await made('octo/webhooks', { capabilities: ['octo/content'] })).toEqual(['octo/content']);
    expect(await made('', { event: 'order_update' })).toEqual(['octo/cart']);
  });

  test('a change works capabilities out anew, unless it says nothing of them', async () => {
    const { octo } = await openStage(await open());
    const { id } = await ok(octo.website('POST', '/webhooks', creation, capabilities('pricing, content')));
    const changed = async (body: object, headers = {}) =>
      (await ok(octo.website('PATCH', `/webhooks/${id}`, body, headers))).capabilities;
    expect(await changed({ retryOnError: false })).toEqual(['octo/pricing', 'octo/content']);
    expect(await changed({}, capabilities('octo/content'))).toEqual(['octo/content']);
    expect(await changed({ capabilities: ['octo/pricing'] })).toEqual(['octo/pricing']);
    expect(await changed({ event: 'order_update' })).toEqual(['octo/pricing', 'octo/cart']);
    expect(await changed({}, capabilities(''))).toEqual(['octo/cart']);
  });

  test('two changes at once both count', async () => {
    const { octo } = await openStage(await open());
    const { id } = await ok(octo.website('POST', '/webhooks', creation));
    await Promise.all([
      ok(octo.website('PATCH', `/webhooks/${id}`, { capabilities: ['octo/pricing'] })),
      ok(octo.website('PATCH', `/webhooks/${id}`, { retryOnError: false })),
      ok(octo.website('PATCH', `/webhooks/${id}`, { headers: { 'X-A': 'a' } })),
    ]);
    expect(await ok(octo.website('GET', `/webhooks/${id}`))).toMatchObject({
      capabilities: ['octo/pricing'],
      retryOnError: false,
      headers: { 'X-A': '********' },
    });
  });

  test('a change may not say twice who is calling, nor keep a value that is not there', async () => {
    const { octo } = await openStage(await open());
    const url = 'https://ada:pa55@crm.example/hook';
    const { id } = await ok(octo.website('POST', '/webhooks', { ...creation, url }));
    const made = await ok(octo.website('POST', '/webhooks', { ...creation, headers: { Authorization: 'Bearer x' } }));
    const clash = 'headers must not have authorization when the URL carries a user name and password';
    for (const [path, body] of [
      [id, { headers: { authorization: 'Bearer y' } }],
      [made.id, { url }],
    ]) {
      const error = await refused(octo.website('PATCH', `/webhooks/${path}`, body), 'BAD_REQUEST');
      expect(error.errorMessage).toContain(clash);
    }
    await ok(octo.website('PATCH', `/webhooks/${id}`, { url: creation.url.replace('crm', 'other') }));
    await ok(octo.website('PATCH', `/webhooks/${id}`, { headers: { authorization: 'Bearer y' } }));
    const error = await refused(
      octo.website('PATCH', `/webhooks/${id}`, { headers: { 'X-New': '********' } }),
      'BAD_REQUEST',
    );
    expect(error.errorMessage).toContain('headers.X-New is masked');
  });

  test('a connection has at most 100 webhooks, whatever others have', async () => {
    const stage = await openStage(await open());
    const first = await ok(stage.octo.website('POST', '/webhooks', creation));
    // A hundred calls would be more than a connection may make in a second.
    const columns = `supplier_id, connection_id, event, url, credentials, headers, capabilities, use_contact_language,
      retry_on_error, language, signing_secret, previous_secret, previous_until, revision, state, state_reason, created_at,
      updated_at`;
    for (let more = 1; more < 100; more++) {
      await stage.db.run(`insert into webhooks (id, ${columns}) select $1, ${columns} from webhooks where id = $2`, [
        `another ${more}`,
        first.id,
      ]);
    }
    const error = await refused(stage.octo.website('POST', '/webhooks', creation), 'BAD_REQUEST');
    expect(error.errorMessage).toContain('at most 100 webhooks');
    await ok(stage.octo.reseller('POST', '/webhooks', creation));
    await ok(stage.octo.website('DELETE', `/webhooks/${first.id}`));
    await ok(stage.octo.website('POST', '/webhooks', creation));
  });

  test('a webhook is deleted by its id, or by its URL with or without an event', async () => {
    const { octo } = await openStage(await open());
    const make = async (event: string, url: string): Promise<string> =>
      (await ok(octo.website('POST', '/webhooks', { event, url }))).id;
    const deleted = { success: true, message: 'Deleted successfully.' };
    const left = async () => (await ok(octo.website('GET', '/webhooks'))).length;
    const id = await make('booking_update', 'https://a.example/');
    expect(await ok(octo.website('DELETE', `/webhooks/${id}`))).toEqual(deleted);
    expect(await refused(octo.website('DELETE', `/webhooks/${id}`), 'INVALID_WEBHOOK_ID')).toMatchObject({ id });

    await make('booking_update', 'https://b.example/');
    await make('product_update', 'https://b.example/');
    await make('product_update', 'https://c.example/');
    const url = 'https://b.example/';
    expect(await ok(octo.website('DELETE', '/webhooks', { url, event: 'booking_update' }))).toEqual(deleted);
    expect(await left()).toBe(2);
    await ok(octo.website('DELETE', `/webhooks?url=${encodeURIComponent(url)}`));
    expect(await left()).toBe(1);
    await refused(octo.website('DELETE', '/webhooks', { url }), 'BAD_REQUEST');
    await refused(octo.website('DELETE', '/webhooks'), 'BAD_REQUEST');
    expect(await left()).toBe(1);
  });

  test.each(['nothing', '00000000-0000-4000-8000-000000000000', '%00', '%ff'])(
    'the id %s is nobody’s: INVALID_WEBHOOK_ID',
    async (id) => {
      const { octo } = await openStage(await open());
      for (const [method, body] of [['GET'], ['PATCH', {}], ['DELETE']] as const) {
        const error = await refused(octo.website(method, `/webhooks/${id}`, body), 'INVALID_WEBHOOK_ID');
        expect(error.id).toEqual(expect.any(String));
      }
    },
  );

  test.each([
    [{ event: 'booking.updated' }, 'event must be one of'],
    [{ url: 'ftp://crm.example/' }, 'url must begin with http:// or https://'],
    [{ url: undefined }, 'url is required'],
    [{ headers: { Host: 'x' } }, 'headers.Host is set by the sender'],
  ])('a creation with %j is a BAD_REQUEST that names the field', async (change, message) => {
    const { octo } = await openStage(await open());
    const error = await refused(octo.website('POST', '/webhooks', { ...creation, ...change }), 'BAD_REQUEST');
    expect(error.errorMessage).toContain(message);
    expect(await ok(octo.website('GET', '/webhooks'))).toEqual([]);
  });
});
