import { createHash, randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { adminTokenStore } from '../../src/admin/index.ts';
import { onEachEngine } from '../support/databases.ts';
import { answered, openStage } from './stage.ts';

const settings = { name: 'Alpine Bells', language: 'de', languages: ['de', 'en'], timeZone: 'Europe/Vienna' };

onEachEngine('what is made over /api', (open) => {
  it('is a supplier with its campaigns and a token, or nothing', async () => {
    const db = await open();
    const stage = await openStage(db);
    await answered(201, stage.instance('POST', '/suppliers', settings));
    const made = await db.all<{ id: string }>('select id from suppliers order by id');
    // Tokens can be looked up in a view, which takes in no new one.
    await db.run('alter table admin_tokens rename to old_tokens');
    await db.run('create view admin_tokens as select distinct * from old_tokens');
    await expect(stage.instance('POST', '/suppliers', settings)).rejects.toThrow();
    expect(await db.all('select id from suppliers order by id')).toEqual(made);
    const campaigns = await db.all<{ supplier_id: string }>('select distinct supplier_id from campaigns');
    expect(campaigns.map((row) => row.supplier_id).sort()).toEqual(made.map(({ id }) => id));
  });

  it('is one product of an id, of many who ask for it at once', async () => {
    const stage = await openStage(await open());
    const { products } = await answered(200, stage.api('GET', '/products'));
    const [product] = products;
    const statuses = await Promise.all(
      Array.from({ length: 6 }, async (_, index) => {
        const wanted = { ...product, id: 'tour', internalName: `Tour ${index}` };
        return (await stage.api('POST', '/products', wanted)).status;
      }),
    );
    expect(statuses.sort()).toEqual([201, 400, 400, 400, 400, 400]);
    const events = (await stage.events()).filter(({ type }) => type === 'product_update');
    expect(events).toMatchObject([{ subjectId: 'tour', position: 1, before: null }]);
  });

  it.each(['a/b', '.', '..'])('is no product and no option with the id %j', async (id) => {
    const stage = await openStage(await open());
    const { products } = await answered(200, stage.api('GET', '/products'));
    const [{ id: known, ...product }] = products;
    const options = [{ ...product.options[0], id }];
    expect((await answered(400, stage.api('POST', '/products', { ...product, id }))).message).toContain('id');
    expect((await answered(400, stage.api('POST', '/products', { ...product, options }))).message).toContain(
      'options[0].id',
    );
    expect((await answered(400, stage.api('PATCH', `/products/${known}`, { options }))).message).toContain('id');
    if (id === 'a/b') await answered(400, stage.api('PUT', '/products/a%2Fb', product));
    expect(await stage.events()).toEqual([]);
  });

  it('is a token that was another’s before', async () => {
    const db = await open();
    const { sample } = await openStage(db);
    const tokens = adminTokenStore(db, (key) => createHash('sha256').update(key).digest('hex'));
    const token = { name: 'first start', token: 'moves', now: 0 };
    await tokens.put({ ...token, id: randomUUID(), supplierId: sample.supplierId, instance: true });
    await tokens.put({ ...token, id: randomUUID(), supplierId: null, instance: true, name: 'instance' });
    expect(await tokens.holderOf('moves')).toMatchObject({
      supplierId: null,
      instance: true,
      role: 'owner',
      suspended: false,
    });
    await tokens.put({ ...token, id: randomUUID(), supplierId: sample.supplierId, instance: false });
    expect(await tokens.holderOf('moves')).toMatchObject({
      supplierId: sample.supplierId,
      instance: false,
      role: 'owner',
      suspended: false,
    });
  });
});

onEachEngine('what webhooks say of a supplier', (open) => {
  it('is rendered anew when that is edited, and only its own', async () => {
    const db = await open();
    const stage = await openStage(db);
    const hook = { url: 'https://receiver.example/hook', event: 'product_update' };
    await stage.octo.website('POST', '/webhooks', hook);
    const { token } = await answered(201, stage.instance('POST', '/suppliers', settings));
    const connection = { name: 'Website', kind: 'website', emails: true };
    const { key } = await answered(201, stage.apiAs(token)('POST', '/connections', connection));
    await stage.octoAs(key)('POST', '/webhooks', hook);
    await db.run(`update webhook_versions set body = 'old'`);
    const renewed = () =>
      db.all(
        `select distinct w.supplier_id from webhook_versions v join webhooks w on w.id = v.webhook_id where v.body <> 'old'`,
      );
    const path = `/suppliers/${stage.sample.supplierId}`;
    await answered(200, stage.api('PATCH', path, { name: 'Elbe & Moon' }));
    expect(await renewed()).toEqual([{ supplier_id: stage.sample.supplierId }]);
  });

  it('is made up for by any edit, where one was stored and the server came no further', async () => {
    const db = await open();
    const stage = await openStage(db);
    await stage.octo.website('POST', '/webhooks', { url: 'https://receiver.example/hook', event: 'product_update' });
    const path = `/suppliers/${stage.sample.supplierId}`;
    const { name } = await answered(200, stage.api('GET', path));
    await db.run('update suppliers set document = replace(document, $1, $2)', [name, 'Elbe & Moon']);
    const saying = () => db.all(`select 1 as one from webhook_versions where body like '%Elbe & Moon%'`);
    expect(await saying()).toEqual([]);
    await answered(200, stage.api('PATCH', path, { name: 'Elbe & Moon' }));
    expect(await saying()).not.toEqual([]);
  });
});
