import type { EmailType, Occasion } from '@carillon/contract';
import { type Queryable, rows } from '../../platform/db/index.ts';
import type { Campaign } from './campaign.ts';

/** Stores campaigns of a supplier; one whose name the supplier has already stays as it is. */
export async function insertCampaigns(
  db: Queryable,
  supplierId: string,
  campaigns: readonly Campaign[],
  createdAt: number,
): Promise<void> {
  const types = ['text', 'text', 'text', 'text', 'text', 'integer', 'integer', 'bigint'] as const;
  await db.run(
    `insert into campaigns (id, supplier_id, name, occasions, template, marketing, enabled, created_at)
     values ${rows(types, campaigns.length)}
     on conflict (supplier_id, name) do nothing`,
    campaigns.flatMap((campaign) => [
      campaign.id,
      supplierId,
      campaign.name,
      JSON.stringify(campaign.occasions),
      campaign.template,
      Number(campaign.marketing),
      Number(campaign.enabled),
      createdAt,
    ]),
  );
}

interface CampaignRow {
  readonly id: string;
  readonly name: string;
  readonly occasions: string;
  readonly template: EmailType;
  readonly marketing: number;
  readonly enabled: number;
}

/** The campaigns of a supplier, the oldest first. */
export async function campaignsOf(db: Queryable, supplierId: string): Promise<Campaign[]> {
  const found = await db.all<CampaignRow>(
    `select id, name, occasions, template, marketing, enabled from campaigns
      where supplier_id = $1 order by created_at, id`,
    [supplierId],
  );
  return found.map((row) => ({
    ...row,
    occasions: JSON.parse(row.occasions) as Occasion[],
    marketing: row.marketing === 1,
    enabled: row.enabled === 1,
  }));
}

/** Turns a campaign of a supplier on or off; false when the supplier has none of that name. */
export async function enableCampaign(
  db: Queryable,
  campaign: { readonly supplierId: string; readonly name: string; readonly enabled: boolean },
): Promise<boolean> {
  const changed = await db.run('update campaigns set enabled = $3 where supplier_id = $1 and name = $2', [
    campaign.supplierId,
    campaign.name,
    Number(campaign.enabled),
  ]);
  return changed > 0;
}
