import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { createCampaigns } from '../../src/email/index.ts';
import { onEachEngine } from '../support/databases.ts';
import { createDesk, newId, supplierId } from './desk.ts';

const folder = new URL('../../migrations/', import.meta.url);

onEachEngine('the default campaigns', (open) => {
  test('of a new supplier are on, apart from the one that needs a link', async () => {
    const { db } = await createDesk(await open());
    const campaigns = await createCampaigns({ db, now: () => 0, newId }).list(supplierId);
    expect(campaigns.filter(({ enabled }) => !enabled).map(({ name }) => name)).toEqual(['waiver reminder']);
    expect(
      campaigns
        .filter(({ marketing }) => marketing)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['recovery', 'review request']);
  });

  test('that a supplier from before gets are as those of a new one, but off', async () => {
    const { db } = await createDesk(await open());
    const list = () => createCampaigns({ db, now: () => 0, newId }).list(supplierId);
    const fresh = (await list()).map(({ id: _, enabled: __, ...campaign }) => campaign);
    const four = ['confirmation', 'cancellation', 'update', 'recovery'];
    await db.run(`delete from campaigns where name not in ('confirmation', 'cancellation', 'update', 'recovery')`);
    const [file] = (await readdir(folder)).filter((name) => name.startsWith('0025_'));
    const sql = await readFile(new URL(file!, folder), 'utf8');
    await db.run(/insert into campaigns[^;]*do nothing/.exec(sql)![0]);
    const given = await list();
    expect(
      given
        .filter(({ enabled }) => enabled)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(four.sort());
    const byName = (one: { name: string }, other: { name: string }) => (one.name < other.name ? -1 : 1);
    expect(given.map(({ id: _, enabled: __, ...campaign }) => campaign).sort(byName)).toEqual(fresh.sort(byName));
  });
});
