import type { Queryable } from '../../platform/db/index.ts';
import { defaultCampaigns } from './campaign.ts';
import { insertCampaigns } from './store.ts';

/** Gives a supplier the default campaigns that it does not have yet. `now` is ms UTC. */
export async function seedCampaigns(
  db: Queryable,
  supplierId: string,
  deps: { readonly now: () => number; readonly newId: () => string },
): Promise<void> {
  const campaigns = defaultCampaigns.map((campaign) => ({ ...campaign, id: deps.newId() }));
  await insertCampaigns(db, supplierId, campaigns, deps.now());
}
