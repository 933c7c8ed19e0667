import type { Option, ProductDocument } from '@carillon/contract';
import type { Queryable, Tx } from '../../platform/db/index.ts';
import { done, type Result, refuse } from '../refusal.ts';
import type { OptionDefinition, ProductDefinition } from './definition.ts';
import { productDocument } from './product.ts';
import { productsById } from './store.ts';

/** A product of a catalogue: its definition with the document made from it. */
interface Entry {
  readonly definition: ProductDefinition;
  readonly document: ProductDocument;
  /** While slots are still to be told of an edit of the product: the product, if there was one, as they were told of it last. */
  readonly told?: Catalogue;
}

/** Products by id. */
export type Catalogue = ReadonlyMap<string, Entry>;

/** One option of a product: how it is scheduled, and how it is shown. */
export interface Offer {
  readonly definition: ProductDefinition;
  readonly product: ProductDocument;
  readonly scheduled: OptionDefinition;
  readonly option: Option;
}

/** A catalogue of one product, or of none. */
export function catalogueOf(definition: ProductDefinition | undefined): Catalogue {
  return new Map(
    definition === undefined ? [] : [[definition.id, { definition, document: productDocument(definition) }]],
  );
}

/** Loads products of a supplier; unknown ones are left out. */
export async function loadCatalogue(
  db: Queryable,
  supplierId: string,
  productIds: readonly string[],
): Promise<Catalogue> {
  const products = await productsById(db, supplierId, [...new Set(productIds)]);
  return new Map(
    products.map(({ definition, openEdit }): [string, Entry] => {
      const entry = { definition, document: productDocument(definition) };
      return [definition.id, openEdit === undefined ? entry : { ...entry, told: catalogueOf(openEdit.before) }];
    }),
  );
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
