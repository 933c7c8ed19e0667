import type { Db } from '../../platform/db/index.ts';
import type { Campaign } from '../campaigns/campaign.ts';
import { type CampaignRow, campaignColumns, campaignOf } from '../campaigns/store.ts';

/** A campaign that goes by the time of visits. */
export interface VisitCampaign {
  readonly supplierId: string;
  readonly campaign: Campaign;
  /** Up to which moment its messages have been opened, ms UTC; null: it has not begun. */
  readonly openedUntil: number | null;
}

/** The campaigns that go by the time of visits and are on, of all suppliers that are active. */
export async function visitCampaigns(db: Db): Promise<VisitCampaign[]> {
  const found = await db.all<CampaignRow & { readonly supplier_id: string; readonly opened_until: number | null }>(
    `select ${campaignColumns}, supplier_id, opened_until from campaigns
      where enabled = 1 and occasions like '%"visit\\_%' escape '\\'
        and exists (select 1 from suppliers s where s.id = campaigns.supplier_id and s.state = 'active')
      order by supplier_id, priority, created_at, id`,
  );
  return found.map((row) => ({
    supplierId: row.supplier_id,
    campaign: campaignOf(row),
    openedUntil: row.opened_until,
  }));
}

/** Notes up to which moment (ms UTC) a campaign's messages have been opened, unless it began anew meanwhile or another node was first. */
export async function writeOpenedUntil(db: Db, campaignId: string, was: number | null, until: number): Promise<void> {
  await db.run(
    `update campaigns set opened_until = $3
      where id = $1 and (opened_until = $2 or (opened_until is null and cast($2 as bigint) is null))`,
    [campaignId, was, until],
  );
}
