import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { createParties, seedSample } from '../../src/supplier/index.ts';
import { onEachEngine } from '../support/databases.ts';
import { openStage } from './stage.ts';

onEachEngine('the keys of the sample data', (open) => {
  it('are given to the connections that are there, not to one that was deleted', async () => {
    const stage = await openStage(await open());
    const { db, supplier, website } = stage;
    const deps = { now: () => stage.clock.now, newId: randomUUID };
    const parties = createParties({ db, ...deps });
    await parties.disconnect(website, () => Promise.resolve());
    const settings = { name: 'New website', kind: 'website', emails: true, hears: 'own' } as const;
    const { connectionId } = await parties.connect(website.supplierId, settings, 'c'.repeat(64));
    await seedSample(db, { ...deps, keyHashes: { website: 'd'.repeat(64) } });
    expect(await supplier.connectionOf('d'.repeat(64))).toMatchObject({ connectionId });
  });
});
