import type { Queryable } from '../../platform/db/index.ts';
import { supplierById } from '../parties/store.ts';
import type { SupplierProfile } from '../party.ts';
import { connectionEmails } from './store.ts';

// Others ask these in transactions of theirs, so they read with the database that is given.

/** A supplier with its settings; that there is none is a fault. */
export async function profileOf(db: Queryable, supplierId: string): Promise<SupplierProfile> {
  const found = await supplierById(db, supplierId);
  if (found === undefined) throw new Error(`There is no supplier ${supplierId}`);
  const { state: _, createdAt: __, ...profile } = found;
  return profile;
}

/** Whether the guests of a connection get e-mails: not those of one that does not exist. */
export async function guestsGetEmails(db: Queryable, connectionId: string): Promise<boolean> {
  return (await connectionEmails(db, connectionId)) ?? false;
}
