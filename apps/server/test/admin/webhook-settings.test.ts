import { expect, it } from 'vitest';
import { onEachEngine } from '../support/databases.ts';
import { answered, openStage, type Stage } from './stage.ts';

const hook = { url: 'https://crm.example/hook', event: 'booking_update' };
const oauth2 = { tokenUrl: 'https://auth.example/token', clientId: 'carillon', clientSecret: 'hush-hush' };
const nothing = { filter: null, payload: 'full', transformation: null, authentication: null };

onEachEngine('the settings of a webhook over /api', (open) => {
  const made = async (stage: Stage): Promise<string> => {
    const { id } = (await stage.octo.website('POST', '/webhooks', hook)).body;
    return `/webhooks/${id}/settings`;
  };

  it('are changed one by one, and shown without secrets', async () => {
    const stage = await openStage(await open());
    const path = await made(stage);
    expect(await answered(200, stage.api('GET', path))).toEqual(nothing);
    const filter = { products: ['boat'], statuses: ['CONFIRMED'], mode: 'live', changes: ['/status', '/unitItems/*'] };
    expect(await answered(200, stage.api('PATCH', path, { filter }))).toEqual({ ...nothing, filter });
    const transformation = {
      body: '{"a": {{ booking.uuid | json }}}',
      headers: { 'X-A': 'b' },
      parameters: { c: 'd' },
    };
    await answered(200, stage.api('PATCH', path, { payload: 'thin', transformation }));
    const whole = await answered(200, stage.api('PATCH', path, { authentication: { oauth2 } }));
    const shown = {
      oauth2: { ...oauth2, clientSecret: '********', scope: null, audience: null, sendAs: 'basic' },
      certificate: null,
    };
    expect(whole).toEqual({ filter, payload: 'thin', transformation, authentication: shown });
    expect(await answered(200, stage.api('GET', path))).toEqual(whole);
    const { authentication } = whole;
    expect(
      await answered(200, stage.api('PATCH', path, { authentication: { oauth2: authentication.oauth2 } })),
    ).toEqual(whole);
    const cleared = { filter: null, transformation: null, payload: 'full', authentication: null };
    expect(await answered(200, stage.api('PATCH', path, cleared))).toEqual(nothing);
  });

  it.each<[string, object, string]>([
    ['a pattern that is none', { filter: { changes: ['status'] } }, 'filter.changes[0]'],
    ['a status that is none', { filter: { statuses: ['DONE'] } }, 'filter.statuses[0]'],
    ['a filter of something else', { filter: { guests: ['Ada'] } }, 'guests'],
    ['no products', { filter: { products: [] } }, 'filter.products'],
    [
      'a template with a fault',
      { transformation: { body: '{\n{{ a | shout }}}' } },
      'body, line 2: undefined filter: shout',
    ],
    [
      'a secret in a template',
      { transformation: { body: '{}', headers: { Authorization: 'x' } } },
      'headers.Authorization',
    ],
    [
      'a masked secret that nobody knows',
      { authentication: { oauth2: { ...oauth2, clientSecret: '********' } } },
      'clientSecret',
    ],
    [
      'a token URL with a name in it',
      { authentication: { oauth2: { ...oauth2, tokenUrl: 'https://a:b@c.example' } } },
      'tokenUrl',
    ],
    ['a certificate that is none', { authentication: { certificate: { cert: 'x', key: 'y' } } }, 'certificate.cert'],
    ['what is no setting', { colour: 'red' }, 'colour'],
  ])('refuse %s, and stay as they are', async (_, change, field) => {
    const stage = await openStage(await open());
    const path = await made(stage);
    expect((await answered(400, stage.api('PATCH', path, change))).message).toContain(field);
    expect(await answered(200, stage.api('GET', path))).toEqual(nothing);
  });

  it('of a subscription to notifications are only how it says who is calling', async () => {
    const stage = await openStage(await open());
    const wanted = { url: hook.url, notificationTypes: ['BOOKING_UPDATE'] };
    const { id } = (await stage.octo.website('POST', '/notifications/subscriptions', wanted)).body;
    const path = `/webhooks/${id}/settings`;
    await answered(422, stage.api('PATCH', path, { payload: 'thin' }));
    const after = await answered(200, stage.api('PATCH', path, { authentication: { oauth2 } }));
    expect(after.authentication.oauth2.clientId).toBe('carillon');
  });

  it('can be tried on a real event, with the place of each fault', async () => {
    const stage = await openStage(await open());
    const path = (await made(stage)).replace('settings', 'transformation/preview');
    const transformation = { body: '{"a": {{ booking.status | json }}}' };
    await answered(404, stage.api('POST', path, { transformation }));
    await answered(422, stage.api('POST', path, {}));
    const booking = (await stage.octo.website('POST', '/bookings', stage.cruise())).body;
    const contact = { contact: { firstName: 'Ada', lastName: 'Byron', emailAddress: 'ada@example.com' } };
    await stage.octo.website('POST', `/bookings/${booking.uuid}/confirm`, contact);
    expect(await answered(200, stage.api('POST', path, { transformation }))).toMatchObject({
      event: { type: 'booking_update' },
      matches: true,
      body: '{"a": "CONFIRMED"}',
      problems: [],
    });
    const wrong = { ...transformation, body: '{\n  {{ booking | shout }}}' };
    const { body, problems } = await answered(200, stage.api('POST', path, { transformation: wrong }));
    expect({ body, problems }).toEqual({
      body: null,
      problems: [{ part: 'body', message: 'undefined filter: shout', line: 2, column: 3 }],
    });
  });
});

onEachEngine('webhooks that are made over /api', (open) => {
  it('are a connection’s, with their settings, and sign with a secret', async () => {
    const stage = await openStage(await open());
    const { connectionId } = stage.website;
    const settings = { filter: { mode: 'live' }, payload: 'thin', authentication: { oauth2 } };
    const wanted = { connectionId, ...hook, headers: { 'X-Token': 'hush-hush' }, ...settings };
    const { webhook, signingSecret } = await answered(201, stage.api('POST', '/webhooks', wanted));
    expect(webhook).toMatchObject({ ...hook, connectionId, state: 'active', headers: { 'X-Token': '********' } });
    expect(JSON.stringify(webhook)).not.toContain('hush');
    expect(await answered(200, stage.api('GET', `/webhooks/${webhook.id}/secret`))).toEqual({ signingSecret });
    const shown = await answered(200, stage.api('GET', `/webhooks/${webhook.id}/settings`));
    expect(shown).toMatchObject({
      filter: { mode: 'live' },
      payload: 'thin',
      authentication: { oauth2: { clientId: 'carillon' } },
    });
    expect((await stage.octo.website('GET', '/webhooks')).body).toMatchObject([{ id: webhook.id }]);
  });

  it('are made by presets, whose secrets are seen nowhere', async () => {
    const stage = await openStage(await open());
    const { connectionId } = stage.website;
    const { presets } = await answered(200, stage.api('GET', '/presets'));
    expect(presets.map(({ id }: { id: string }) => id)).toEqual(
      expect.arrayContaining(['postmark', 'mailjet', 'klaviyo', 'hubspot_contact', 'hubspot_event', 'slack']),
    );
    const wanted = {
      connectionId,
      preset: 'postmark',
      parameters: { serverToken: 'pm-hush', from: 'hello@elbe.example', confirmed: 'booked' },
    };
    const { webhook } = await answered(201, stage.api('POST', '/webhooks', wanted));
    expect(webhook).toMatchObject({ url: 'https://api.postmarkapp.com/email/withTemplate', event: 'booking_update' });
    const settings = await answered(200, stage.api('GET', `/webhooks/${webhook.id}/settings`));
    expect(settings.transformation.parameters).toEqual({ from: 'hello@elbe.example', confirmed: 'booked' });
    expect(JSON.stringify([webhook, settings])).not.toContain('hush');
    const url = 'https://mail.example/proxy';
    expect((await answered(201, stage.api('POST', '/webhooks', { ...wanted, url }))).webhook.url).toBe(url);
  });

  it.each<[string, object, string]>([
    ['no URL', { event: 'booking_update' }, 'url'],
    ['no event', { url: hook.url }, 'event'],
    ['a connection that is not there', { ...hook, connectionId: 'another' }, 'connection'],
    ['a preset without what it needs', { preset: 'slack' }, 'parameters.webhookUrl is required'],
    ['a preset with something else', { preset: 'slack', parameters: { token: 'x' } }, 'parameters.token'],
    [
      'a preset with what is wrong',
      { preset: 'slack', parameters: { webhookUrl: 'https://x.example' } },
      'hooks.slack.com',
    ],
    [
      'a preset of another event',
      { preset: 'hubspot_contact', parameters: { accessToken: 'x' }, event: 'order_update' },
      'event',
    ],
    ['parameters of nothing', { ...hook, parameters: {} }, 'preset|parameters'],
    ['a template with a fault', { ...hook, transformation: { body: '{{ a | shout }}' } }, 'shout'],
  ])('are not made of %s', async (_, wanted, field) => {
    const stage = await openStage(await open());
    const request = { connectionId: stage.website.connectionId, ...wanted };
    expect((await answered(400, stage.api('POST', '/webhooks', request))).message).toMatch(new RegExp(field));
    expect(await answered(200, stage.api('GET', '/webhooks'))).toEqual({ webhooks: [] });
  });
});
