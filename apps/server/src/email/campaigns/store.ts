import type { Occasion } from '@carillon/contract';
import { type Queryable, rows } from '../../platform/db/index.ts';
import type { Campaign, TemplateName } from './campaign.ts';
import { ruleOf, ruleSchema } from './rule.ts';

/** What of a campaign is stored as JSON. */
export function ruleText(campaign: Campaign): string {
  const names = Object.keys(ruleSchema.shape) as (keyof typeof ruleSchema.shape)[];
  return JSON.stringify(Object.fromEntries(names.map((name) => [name, campaign[name]])));
}

/** Stores campaigns of a supplier; one whose name the supplier has already stays as it is. How many were stored. */
export async function insertCampaigns(
  db: Queryable,
  supplierId: string,
  campaigns: readonly Campaign[],
  createdAt: number,
): Promise<number> {
  const types = ['text', 'text', 'text', 'text', 'text', 'integer', 'integer', 'bigint', 'integer', 'text'] as const;
  return db.run(
    `insert into campaigns
       (id, supplier_id, name, occasions, template, marketing, enabled, created_at, priority, rule)
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
      campaign.priority,
      ruleText(campaign),
    ]),
  );
}

/** A campaign as it is stored. */
export interface CampaignRow {
  readonly id: string;
  readonly name: string;
  readonly occasions: string;
  readonly template: TemplateName;
  readonly marketing: number;
  readonly enabled: number;
  readonly priority: number;
  readonly rule: string;
}

/** The columns of a `CampaignRow`. */
export const campaignColumns = 'id, name, occasions, template, marketing, enabled, priority, rule';

/** Reads a campaign. */
export const campaignOf = ({ id, name, template, priority, ...row }: CampaignRow): Campaign => ({
  ...ruleOf(row.rule),
  id,
  name,
  occasions: JSON.parse(row.occasions) as Occasion[],
  template,
  marketing: row.marketing === 1,
  enabled: row.enabled === 1,
  priority,
});

/** The campaigns of a supplier in the order in which they are asked: by priority, the oldest first. */
export async function campaignsOf(db: Queryable, supplierId: string): Promise<Campaign[]> {
  const found = await db.all<CampaignRow>(
    `select ${campaignColumns} from campaigns
      where supplier_id = $1 order by priority, created_at, id`,
    [supplierId],
  );
  return found.map(campaignOf);
}

/**
 * Writes a campaign of a supplier anew; false when the supplier has none of that id. `anew`: one that goes by the time of visits
 * begins now, and opens nothing for what is past.
 */
export async function updateCampaign(
  db: Queryable,
  supplierId: string,
  campaign: Campaign,
  anew: boolean,
): Promise<boolean> {
  const changed = await db.run(
    `update campaigns
        set name = $3, occasions = $4, template = $5, marketing = $6, enabled = $7, priority = $8, rule = $9,
            opened_until = case when $10 = 1 then null else opened_until end
      where supplier_id = $1 and id = $2`,
    [
      supplierId,
      campaign.id,
      campaign.name,
      JSON.stringify(campaign.occasions),
      campaign.template,
      Number(campaign.marketing),
      Number(campaign.enabled),
      campaign.priority,
      ruleText(campaign),
      Number(anew),
    ],
  );
  return changed > 0;
}

/** Deletes a campaign of a supplier that no message was ever opened for; false where there is none of that id. */
export async function deleteCampaign(db: Queryable, supplierId: string, id: string): Promise<boolean> {
  const deleted = await db.run('delete from campaigns where supplier_id = $1 and id = $2', [supplierId, id]);
  return deleted > 0;
}

/** Whether a message was ever opened for a campaign. */
export async function wasUsed(db: Queryable, campaignId: string): Promise<boolean> {
  const found = await db.all('select 1 as found from messages where campaign_id = $1 limit 1', [campaignId]);
  return found.length > 0;
}

/** Turns a campaign of a supplier on or off; false when the supplier has none of that name. */
export async function enableCampaign(
  db: Queryable,
  campaign: { readonly supplierId: string; readonly name: string; readonly enabled: boolean },
): Promise<boolean> {
  const changed = await db.run(
    'update campaigns set enabled = $3, opened_until = null where supplier_id = $1 and name = $2',
    [campaign.supplierId, campaign.name, Number(campaign.enabled)],
  );
  return changed > 0;
}
