import { expect, test } from 'vitest';
import { octoLimits } from '../../src/octo/index.ts';
import { onEachEngine } from '../support/databases.ts';
import { ok, openStage, refused } from './stage.ts';

onEachEngine('who calls the OCTO API', (open) => {
  test('a call without a key is 401, with an unknown key 403, both in the form of OCTO', async () => {
    const { request, octo } = await openStage(await open());
    const headers: Record<string, string>[] = [{}, { authorization: 'Basic YTpi' }, { authorization: 'Bearer ' }];
    for (const each of headers) {
      const response = await request('/octo/products', { headers: each });
      expect(response.status).toBe(401);
      expect(await response.json()).toEqual({ error: 'UNAUTHORIZED', errorMessage: expect.any(String) });
    }
    const stranger = await octo.stranger('GET', '/products');
    expect(stranger).toMatchObject({ status: 403, body: { error: 'FORBIDDEN', errorMessage: expect.any(String) } });
  });

  test('what OCTO does not have is 400 and never 404, whatever the method', async () => {
    const { octo } = await openStage(await open());
    for (const [method, path] of [
      ['GET', ''],
      ['GET', '/nothing'],
      ['PUT', '/products'],
      ['POST', '/products/x/y/z'],
      ['DELETE', '/products/x'],
      ['OPTIONS', '/bookings'],
    ] as const) {
      await refused(octo.website(method, path), 'BAD_REQUEST');
    }
  });

  test('a slash at the end of a path makes no difference', async () => {
    const { octo, sample } = await openStage(await open());
    for (const path of ['/supplier', '/capabilities', '/products', `/products/${sample.products.cruise.productId}`]) {
      expect(await ok(octo.website('GET', `${path}/`))).toEqual(await ok(octo.website('GET', path)));
    }
  });

  test('capabilities are echoed in the form of the caller, and those that are unknown are ignored', async () => {
    const { octo } = await openStage(await open());
    const { headers } = await octo.website('GET', '/products', undefined, {
      'octo-capabilities': 'pricing, octo/content, octo/rentals',
    });
    expect(headers.get('octo-capabilities')).toBe('pricing, octo/content');
    expect((await octo.website('GET', '/products')).headers.get('octo-capabilities')).toBe('');
  });

  test('the environment is live unless test is asked for; a mistyped one is refused', async () => {
    const { octo } = await openStage(await open());
    const env = async (value: string) =>
      (await octo.website('GET', '/supplier', undefined, { 'octo-env': value })).headers.get('octo-env');
    expect((await octo.website('GET', '/supplier')).headers.get('octo-env')).toBe('live');
    expect(await env('test')).toBe('test');
    await refused(octo.website('GET', '/supplier', undefined, { 'octo-env': 'tset' }), 'BAD_REQUEST');
  });

  test('texts come in the language that the caller wants most of those that there are', async () => {
    const { octo } = await openStage(await open());
    const ask = (languages: string) =>
      octo.website('GET', '/products', undefined, { 'octo-capabilities': 'content', 'accept-language': languages });
    const german = await ask('fr, es;q=0.2, de-AT;q=0.8');
    expect(german.headers.get('content-language')).toBe('de');
    expect(german.headers.get('available-languages')).toBe('en, de, es');
    expect(german.headers.get('octo-available-languages')).toBe('en, de, es');
    expect(german.body[0].title).toBe('Große Hafenrundfahrt');
    const other = await ask('fr');
    expect(other.headers.get('content-language')).toBe('en');
    expect(other.body[0].title).toBe('Great Harbour Cruise');
  });

  test('a connection that calls too often is told to wait, and others are not', async () => {
    const limits = { ...octoLimits, rate: { perSecond: 0.5, burst: 2 } };
    const { octo, clock } = await openStage(await open(), limits);
    await ok(octo.website('GET', '/supplier'));
    await ok(octo.website('GET', '/supplier'));
    const third = await octo.website('GET', '/supplier');
    expect(third).toMatchObject({ status: 429, body: { error: 'TOO_MANY_REQUESTS' } });
    expect(third.headers.get('retry-after')).toBe('2');
    await ok(octo.reseller('GET', '/supplier'));
    clock.now += 2_000;
    await ok(octo.website('GET', '/supplier'));
  });

  test('an address that sends wrong keys has to wait, without a look into the database; right keys do not', async () => {
    const limits = { ...octoLimits, wrongKeys: { perSecond: 0.5, burst: 2 } };
    const { octo, clock, db } = await openStage(await open(), limits);
    await ok(octo.website('GET', '/supplier'));
    const from = (address: string) => octo.stranger('GET', '/supplier', undefined, { 'x-forwarded-for': address });
    for (const address of ['2001:db8::1', '2001:db8::2', '2001:db8::3']) {
      expect(await from(address)).toMatchObject({ status: 403 });
    }
    const before = db.statements;
    const refused = await from('2001:db8::4');
    expect(refused).toMatchObject({ status: 429, body: { error: 'TOO_MANY_REQUESTS' } });
    expect(refused.headers.get('retry-after')).toBe('2');
    expect(db.statements).toBe(before);
    await ok(octo.website('GET', '/supplier', undefined, { 'x-forwarded-for': '2001:db8::4' }));
    expect(await from('2001:db8:0:1::1')).toMatchObject({ status: 403 });
    clock.now += 2_000;
    expect(await from('2001:db8::1')).toMatchObject({ status: 403 });
    for (let call = 0; call < 10; call++) await ok(octo.reseller('GET', '/supplier'));
  });

  test.each([
    ['{"productId":', /JSON/],
    ['[1, 2]', /object/],
    ['"text"', /object/],
    [`{"notes": "${'x'.repeat(1_048_576)}"}`, /1048576 bytes/],
    [`{"contact": ${'['.repeat(400_000)}${']'.repeat(400_000)}}`, /inside each other/],
  ])('a body that cannot be read is refused in words: %.20s…', async (body, message) => {
    const { octo } = await openStage(await open());
    const error = await refused(octo.website('POST', '/bookings', body), 'BAD_REQUEST');
    expect(error.errorMessage).toMatch(message);
  });

  test('a fault of ours is 500 in the form of OCTO, is logged, and tells nothing of its cause', async () => {
    const { octo, db, faults } = await openStage(await open());
    await db.run('alter table subjects rename to elsewhere');
    const answer = await octo.website('GET', '/products');
    expect(answer).toMatchObject({ status: 500, body: { error: 'INTERNAL_SERVER_ERROR' } });
    expect(answer.body.errorMessage).not.toMatch(/subjects/);
    expect(faults).toHaveLength(1);
  });
});
