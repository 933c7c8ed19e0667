import { DatabaseError, type Db, type Queryable } from '../../platform/db/index.ts';
import { providerById } from '../providers/store.ts';
import { type Campaign, visitOccasions } from './campaign.ts';
import { campaignsOf, deleteCampaign, insertCampaigns, updateCampaign, wasUsed } from './store.ts';

/** What became of a campaign that an operator writes; `reason` is a sentence that names the field. */
export type Written =
  | { readonly kind: 'written'; readonly campaign: Campaign }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'missing' };

/** What became of a campaign that an operator deletes. */
export type Deleted = { readonly kind: 'deleted' | 'missing' } | { readonly kind: 'refused'; readonly reason: string };

/** An operator's campaigns. */
export interface Campaigns {
  list(supplierId: string): Promise<Campaign[]>;
  create(supplierId: string, campaign: Omit<Campaign, 'id'>): Promise<Written>;
  /** Fields that are left out or undefined stay as they are. */
  edit(
    supplierId: string,
    id: string,
    changes: { readonly [Field in keyof Campaign]?: Campaign[Field] | undefined },
  ): Promise<Written>;
  /** One that e-mails were sent for stays for their sake. */
  delete(supplierId: string, id: string): Promise<Deleted>;
}

/** Each is read for every e-mail. */
const mostCampaigns = 200;

/** `now` gives ms UTC. */
export function createCampaigns(deps: {
  readonly db: Db;
  readonly now: () => number;
  readonly newId: () => string;
}): Campaigns {
  const { db, now, newId } = deps;
  return {
    list: (supplierId) => campaignsOf(db.reader, supplierId),
    async create(supplierId, told) {
      const reason = problemOf(told);
      if (reason !== null) return { kind: 'refused', reason };
      const campaign = { ...told, id: newId() };
      return db.transaction(async (tx) => {
        const gone = await providerProblem(tx, supplierId, told.providerId);
        if (gone !== null) return { kind: 'refused', reason: gone };
        const others = await campaignsOf(tx, supplierId);
        if (others.length >= mostCampaigns)
          return { kind: 'refused', reason: `There are ${mostCampaigns} campaigns, which is the most.` };
        const inserted = await insertCampaigns(tx, supplierId, [campaign], now());
        return inserted > 0 ? { kind: 'written', campaign } : nameTaken(told.name);
      });
    },
    async edit(supplierId, id, changes) {
      try {
        return await db.transaction(async (tx) => {
          const before = (await campaignsOf(tx, supplierId)).find((each) => each.id === id);
          if (before === undefined) return { kind: 'missing' };
          const told = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
          const campaign: Campaign = { ...before, ...told, id };
          const wanted = changes.providerId ?? null;
          const reason = problemOf(campaign) ?? (await providerProblem(tx, supplierId, wanted));
          if (reason !== null) return { kind: 'refused', reason };
          const there = await updateCampaign(tx, supplierId, campaign, beginsAnew(before, campaign));
          return there ? { kind: 'written', campaign } : { kind: 'missing' };
        });
      } catch (error) {
        if (error instanceof DatabaseError && error.kind === 'unique') return nameTaken(changes.name ?? '');
        throw error;
      }
    },
    delete: (supplierId, id) =>
      db.transaction(async (tx) => {
        const found = (await campaignsOf(tx, supplierId)).find((each) => each.id === id);
        if (found === undefined) return { kind: 'missing' };
        if (await wasUsed(tx, id))
          return { kind: 'refused', reason: 'E-mails were opened for it: switch it off instead.' };
        await deleteCampaign(tx, supplierId, id);
        return { kind: 'deleted' };
      }),
  };
}

const nameTaken = (name: string): Written => ({
  kind: 'refused',
  reason: `name: there is a campaign of the name ${name} already.`,
});

/** What is wrong with a campaign as a whole, as a sentence that names the field; null: nothing. */
function problemOf({ occasions, template, marketing, cap }: Omit<Campaign, 'id'>): string | null {
  const byVisit = visitOccasions.filter((occasion) => occasions.includes(occasion));
  if (byVisit.length > 0 && occasions.length > 1)
    return `occasions: ${byVisit[0]} stands alone, because it goes by the time of the visit.`;
  if ((template === 'recovery') !== occasions.includes('expired'))
    return 'template: recovery is for the occasion expired, and no other template is.';
  if (template === 'recovery' && occasions.length > 1) return 'occasions: expired stands alone.';
  if ((template === 'recovery' || template === 'review_request') && !marketing)
    return `marketing: ${template} is marketing, which needs the consent of the guest.`;
  return cap !== null && !marketing ? 'cap: only marketing is capped.' : null;
}

/** What is wrong with the provider that a campaign wants; null: nothing. */
async function providerProblem(db: Queryable, supplierId: string, id: string | null): Promise<string | null> {
  if (id === null || (await providerById(db, { supplierId, id })) !== undefined) return null;
  return 'providerId: there is no such e-mail provider.';
}

/** Whether a campaign that goes by the time of visits would be late at once for visits that it was not for before. */
const beginsAnew = (before: Campaign, after: Campaign): boolean =>
  (after.enabled && !before.enabled) ||
  JSON.stringify([before.occasions, before.offset]) !== JSON.stringify([after.occasions, after.offset]);
