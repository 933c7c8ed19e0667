import { noBrand } from '@carillon/contract';
import { expect, it } from 'vitest';
import { onEachEngine } from '../support/databases.ts';
import { answered, openStage } from './stage.ts';

const settings = {
  name: 'Alpine Bells',
  language: 'de',
  languages: ['de', 'en'],
  timeZone: 'Europe/Vienna',
};

onEachEngine('suppliers over /api', (open) => {
  it('are made with the token of the instance, with a token of their own and nothing of the others', async () => {
    const stage = await openStage(await open());
    const { supplier, token } = await answered(201, stage.instance('POST', '/suppliers', settings));
    expect(supplier).toMatchObject({ ...settings, state: 'active', holdSeconds: 1_800, checkoutUrl: null });
    const theirs = stage.apiAs(token);
    expect((await answered(200, theirs('GET', '/suppliers'))).suppliers).toEqual([supplier]);
    expect(await answered(200, theirs('GET', '/products'))).toEqual({ products: [] });
    expect(await answered(200, theirs('GET', '/connections'))).toEqual({ connections: [] });
    const { productId } = stage.sample.products.cruise;
    await answered(404, theirs('GET', `/products/${productId}`));
    await answered(404, theirs('GET', `/suppliers/${stage.sample.supplierId}`));
    await answered(404, theirs('PATCH', `/suppliers/${stage.sample.supplierId}`, { name: 'Mine now' }));
    await answered(404, theirs('DELETE', `/suppliers/${stage.sample.supplierId}`));
    await answered(403, theirs('POST', '/suppliers', settings));
    await answered(403, theirs('DELETE', `/suppliers/${supplier.id}`));
    const both = (await answered(200, stage.instance('GET', '/suppliers'))).suppliers;
    expect(new Set(both.map((each: { id: string }) => each.id))).toEqual(
      new Set([stage.sample.supplierId, supplier.id]),
    );
    expect((await stage.instance('GET', '/products')).status).toBe(403);
  });

  it('are edited field by field, and OCTO shows it', async () => {
    const stage = await openStage(await open());
    const path = `/suppliers/${stage.sample.supplierId}`;
    const before = await answered(200, stage.api('GET', path));
    const edited = await answered(200, stage.api('PATCH', path, { name: 'Elbe & Moon', holdSeconds: 600 }));
    expect(edited).toEqual({ ...before, name: 'Elbe & Moon', holdSeconds: 600 });
    expect((await stage.octo.website('GET', '/supplier')).body).toMatchObject({ name: 'Elbe & Moon' });
  });

  it('have a brand, which is usual until it is set', async () => {
    const stage = await openStage(await open());
    const path = `/suppliers/${stage.sample.supplierId}`;
    expect((await answered(200, stage.api('GET', path))).brand).toEqual(noBrand);
    const brand = { name: 'Elbe', logoUrl: 'https://elbe.example/l.png', primaryColour: '#AA3300', footer: 'HRB 1' };
    const edited = await answered(200, stage.api('PATCH', path, { brand }));
    expect(edited.brand).toEqual({ ...brand, primaryColour: '#aa3300' });
    expect(await answered(200, stage.api('GET', path))).toEqual(edited);
    const other = await answered(201, stage.instance('POST', '/suppliers', { ...settings, brand }));
    expect(other.supplier.brand).toEqual(edited.brand);
  });

  it.each([
    [{ brand: { ...noBrand, name: '' } }, 'brand.name'],
    [{ brand: { ...noBrand, logoUrl: 'http://elbe.example/l.png' } }, 'brand.logoUrl'],
    [{ brand: { ...noBrand, logoUrl: 'javascript:alert(1)' } }, 'brand.logoUrl'],
    [{ brand: { ...noBrand, primaryColour: 'red;background:url(x)' } }, 'brand.primaryColour'],
    [{ brand: { ...noBrand, footer: 7 } }, 'brand.footer'],
    [{ brand: { ...noBrand, font: 'x' } }, 'brand'],
    [{ name: '' }, 'name'],
    [{ languages: [] }, 'languages'],
    [{ language: 'fr' }, 'language'],
    [{ timeZone: 'Europe/Atlantis' }, 'timeZone'],
    [{ holdSeconds: 'long' }, 'holdSeconds'],
    [{ checkoutUrl: 'javascript:alert(1)' }, 'checkoutUrl'],
    [{ contact: { website: null, email: 'nobody', telephone: null, address: null } }, 'contact.email'],
    [{ colour: 'red' }, 'colour'],
  ])('refuse %j, naming the field, and stay as they are', async (patch, field) => {
    const stage = await openStage(await open());
    const path = `/suppliers/${stage.sample.supplierId}`;
    const before = await answered(200, stage.api('GET', path));
    const { error, message } = await answered(400, stage.api('PATCH', path, patch));
    expect([error, message]).toEqual(['bad_request', expect.stringContaining(field)]);
    expect(await answered(200, stage.api('GET', path))).toEqual(before);
  });

  it('are never made wrong by two edits at once that are each right', async () => {
    const stage = await openStage(await open());
    const path = `/suppliers/${stage.sample.supplierId}`;
    const edits = [{ language: 'de' }, { languages: ['en'] }];
    const answers = await Promise.all(edits.map((edit) => stage.api('PATCH', path, edit)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400]);
    const { language, languages } = await answered(200, stage.api('GET', path));
    expect(languages).toContain(language);
  });

  it('refuse a language that stands there twice, in whatever case', async () => {
    const stage = await openStage(await open());
    const twice = { languages: ['de', 'pt-BR', 'PT-br'] };
    const made = await answered(400, stage.instance('POST', '/suppliers', { ...settings, ...twice }));
    expect(made.message).toContain('languages: PT-br');
  });

  it('that are suspended let no API key in, can be looked at and not changed, and hold what they owe', async () => {
    const db = await open();
    const stage = await openStage(db);
    const path = `/suppliers/${stage.sample.supplierId}`;
    const hook = { url: 'https://receiver.example/hook', event: 'product_update' };
    await stage.octo.website('POST', '/webhooks', hook);
    expect(await answered(200, stage.instance('POST', `${path}/suspend`))).toMatchObject({ state: 'suspended' });
    for (const call of [stage.octo.website, stage.octo.reseller]) {
      expect(await call('GET', '/products')).toMatchObject({ status: 403, body: { error: 'FORBIDDEN' } });
    }
    const [webhook] = (await answered(200, stage.api('GET', '/webhooks'))).webhooks;
    expect(webhook).toMatchObject({ state: 'disabled', reason: 'the supplier is suspended' });
    await answered(403, stage.api('POST', `/webhooks/${webhook.id}/enable`));
    await answered(403, stage.api('POST', '/connections', { name: 'x', kind: 'website', emails: false }));
    await answered(403, stage.api('PATCH', path, { name: 'Elbe & Moon' }));
    await answered(403, stage.api('POST', `${path}/tokens`, { name: 'x', role: 'viewer' }));
    await answered(403, stage.api('POST', `${path}/resume`));
    expect(await answered(200, stage.instance('POST', `${path}/resume`))).toMatchObject({ state: 'active' });
    expect((await stage.octo.website('GET', '/products')).status).toBe(200);
    expect((await answered(200, stage.api('GET', '/webhooks'))).webhooks).toMatchObject([{ state: 'active' }]);
  });

  it('that are deleted are reached by nobody, and the others as before', async () => {
    const stage = await openStage(await open());
    const { supplier, token } = await answered(201, stage.instance('POST', '/suppliers', settings));
    await answered(200, stage.instance('DELETE', `/suppliers/${stage.sample.supplierId}`));
    expect((await stage.octo.website('GET', '/supplier')).status).toBe(403);
    await answered(401, stage.api('GET', '/products'));
    await answered(404, stage.instance('GET', `/suppliers/${stage.sample.supplierId}`));
    await answered(404, stage.instance('POST', `/suppliers/${stage.sample.supplierId}/resume`));
    await answered(
      404,
      stage.instance('POST', `/suppliers/${stage.sample.supplierId}/tokens`, { name: 'x', role: 'viewer' }),
    );
    expect((await answered(200, stage.instance('GET', '/suppliers'))).suppliers).toEqual([supplier]);
    await answered(200, stage.apiAs(token)('GET', '/products'));
  });
});

onEachEngine('connections over /api', (open) => {
  it('are made with a key that opens OCTO until it is rotated or the connection deleted', async () => {
    const stage = await openStage(await open());
    const made = await answered(
      201,
      stage.api('POST', '/connections', { name: 'Hotel desk', kind: 'reseller', emails: false }),
    );
    const status = async (key: string) => (await stage.octoAs(key)('GET', '/supplier')).status;
    expect(await status(made.key)).toBe(200);
    const listed = (await answered(200, stage.api('GET', '/connections'))).connections;
    expect(listed).toContainEqual(made.connection);
    expect(JSON.stringify(listed)).not.toContain(made.key);
    const path = `/connections/${made.connection.id}`;
    const { key } = await answered(200, stage.api('POST', `${path}/key/rotate`));
    expect([await status(made.key), await status(key)]).toEqual([403, 200]);
    await stage.octoAs(key)('POST', '/webhooks', { url: 'https://receiver.example/hook', event: 'booking_update' });
    await answered(200, stage.api('DELETE', path));
    expect(await status(key)).toBe(403);
    expect(await answered(200, stage.api('GET', '/webhooks'))).toEqual({ webhooks: [] });
    await answered(404, stage.api('DELETE', path));
    await answered(404, stage.api('POST', `${path}/key/rotate`));
  });

  it('of one supplier are out of another’s reach', async () => {
    const stage = await openStage(await open());
    const { token } = await answered(201, stage.instance('POST', '/suppliers', settings));
    const theirs = stage.apiAs(token);
    await answered(404, theirs('DELETE', `/connections/${stage.website.connectionId}`));
    await answered(404, theirs('POST', `/connections/${stage.website.connectionId}/key/rotate`));
    expect((await stage.octo.website('GET', '/supplier')).status).toBe(200);
  });

  it.each([
    [{ name: 'x', kind: 'friend', emails: false }, 'kind'],
    [{ name: 'x', kind: 'website' }, 'emails'],
    [{ kind: 'website', emails: false }, 'name'],
  ])('refuse %j, naming the field', async (body, field) => {
    const stage = await openStage(await open());
    expect((await answered(400, stage.api('POST', '/connections', body))).message).toContain(field);
  });
});
