import { expect } from 'vitest';
import { createCampaigns } from '../../src/email/index.ts';
import { type Desk, newId, supplierId } from './desk.ts';

/** The operator's campaigns at a desk. */
export const campaignsOf = ({ db, clock }: Desk) => createCampaigns({ db, now: () => clock.now, newId });
type Changes = Parameters<ReturnType<typeof campaignsOf>['edit']>[2];

/** Changes a campaign by its name. */
export async function edit(desk: Desk, name: string, changes: Changes): Promise<void> {
  const campaigns = campaignsOf(desk);
  const found = (await campaigns.list(supplierId)).find((each) => each.name === name);
  expect(await campaigns.edit(supplierId, found!.id, changes)).toMatchObject({ kind: 'written' });
}
