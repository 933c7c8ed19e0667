import { expect, test } from 'vitest';
import { onEachEngine } from '../support/databases.ts';
import { ok, openStage } from './stage.ts';

onEachEngine('GET /whoami', (open) => {
  test('names the supplier as GET /supplier does, and the connection whose key it is', async () => {
    const { octo, website, reseller } = await openStage(await open());
    const headers = { 'octo-capabilities': 'content', 'accept-language': 'de' };
    const supplier = await ok(octo.website('GET', '/supplier', undefined, headers));
    expect(supplier.shortDescription).toContain('Hamburger');
    const nobody = { partner: null, reseller: null, checkout: null, operator: null, terminal: null };
    expect(await ok(octo.website('GET', '/whoami', undefined, headers))).toEqual({
      supplier,
      connection: { id: website.connectionId, name: 'Own website', type: 'website' },
      ...nobody,
    });
    expect((await ok(octo.reseller('GET', '/whoami'))).connection).toEqual({
      id: reseller.connectionId,
      name: 'City Pass Reseller',
      type: 'reseller',
    });
  });
});
