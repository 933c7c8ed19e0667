import type { Brand, SupplierDocument } from '@carillon/contract';
import type { Queryable } from '../platform/db/index.ts';

/** What e-mail needs to know of a supplier. */
export interface SupplierProfile {
  readonly document: Pick<SupplierDocument, 'name' | 'contact'>;
  /** BCP 47: what is written when the guest asks for no language that the supplier has. */
  readonly language: string;
  readonly languages: readonly string[];
  /** IANA. */
  readonly timeZone: string;
  /** How long a message waits for what else happens to its order, ms. */
  readonly settlingMs: number;
  /** Where a guest books; recovery e-mails lead there. */
  readonly checkoutUrl: string | null;
  /** How it looks to its guests. */
  readonly brand: Brand;
}

/** Where e-mail asks about suppliers and their connections; it may be asked in a transaction, so it uses the given database. */
export interface Suppliers {
  profile(db: Queryable, supplierId: string): Promise<SupplierProfile>;
  /** `emails`: whether its guests get e-mails; otherwise only where a booking says so (`emailReceipt`). */
  connection(db: Queryable, connectionId: string): Promise<{ readonly emails: boolean }>;
}
