import type { Option, ProductDocument } from '@carillon/contract';
import type { Queryable, Tx } from '../../platform/db/index.ts';
import { done, type Result, refuse } from '../refusal.ts';
import type { OptionDefinition, ProductDefinition } from './definition.ts';
import { productDocument } from './product.ts';
import { definitionsById } from './store.ts';

/** Products by id: definitions with the documents made from them. */
export type Catalogue = ReadonlyMap<
  string,
  { readonly definition: ProductDefinition; readonly document: ProductDocument }
>;

/** One option of a product: how it is scheduled, and how it is shown. */
export interface Offer {
  readonly definition: ProductDefinition;
  readonly product: ProductDocument;
  readonly scheduled: OptionDefinition;
  readonly option: Option;
}

/** Loads products of a supplier; unknown ones are left out. */
export async function loadCatalogue(
  db: Queryable,
  supplierId: string,
  productIds: readonly string[],
): Promise<Catalogue> {
  const definitions = await definitionsById(db, supplierId, [...new Set(productIds)]);
  return new Map(definitions.map((each) => [each.id, { definition: each, document: productDocument(each) }]));
}

/**
 * Products as they are once slots of theirs are locked: where others write at the same time, an operator may have edited one since
 * it was read, and then its slots are to look as that edit left them. `known` are those that were read before.
 */
export async function reloadCatalogue(
  tx: Tx,
  supplierId: string,
  known: Catalogue,
  productIds: readonly string[],
): Promise<Catalogue> {
  return tx.dialect.concurrent && productIds.length > 0 ? loadCatalogue(tx, supplierId, productIds) : known;
}

/** Finds an option, or says which id is not known. */
export function findOffer(catalogue: Catalogue, productId: string, optionId: string): Result<Offer> {
  const entry = catalogue.get(productId);
  if (entry === undefined) return refuse({ kind: 'product', productId });
  const scheduled = entry.definition.options.find((each) => each.id === optionId);
  const option = entry.document.options.find((each) => each.id === optionId);
  if (scheduled === undefined || option === undefined) return refuse({ kind: 'option', optionId });
  return done({ definition: entry.definition, product: entry.document, scheduled, option });
}
