import type { Brand, SupplierDocument } from '@carillon/contract';

/** Whose call it is: a connection and the supplier that it belongs to. */
export interface Party {
  readonly supplierId: string;
  readonly connectionId: string;
}

/** A connection, as its API key finds it. `emails`: its guests get e-mails; otherwise only where a booking asks for them. */
export interface Connection extends Party {
  readonly name: string;
  readonly kind: 'website' | 'reseller';
  readonly emails: boolean;
  /** What its webhooks are told of: its own bookings and orders, or all of the supplier's. */
  readonly hears: 'own' | 'supplier';
}

/** A supplier with its settings. */
export interface SupplierProfile {
  readonly id: string;
  readonly document: SupplierDocument;
  /** BCP 47: shown when nobody asks for another. */
  readonly language: string;
  /** BCP 47 tags that its texts exist in. */
  readonly languages: readonly string[];
  /** IANA. */
  readonly timeZone: string;
  /** How long a hold lasts when the reservation does not say. */
  readonly holdSeconds: number;
  /** How long an e-mail waits for what else happens to its order. */
  readonly settlingMs: number;
  /** Where a guest books; recovery e-mails lead there. */
  readonly checkoutUrl: string | null;
  /** How it looks to its guests. */
  readonly brand: Brand;
}

/** Whether a supplier may do anything: a suspended one lets no connection in and nothing of it is sent, until it is resumed. */
export type SupplierState = 'active' | 'suspended' | 'deleted';

/** A supplier as the operator of the instance sees it. */
export interface SupplierListed extends SupplierProfile {
  readonly state: SupplierState;
  /** ms UTC. */
  readonly createdAt: number;
}
