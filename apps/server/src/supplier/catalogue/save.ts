import { isDeepStrictEqual } from 'node:util';
import type { ProductDocument } from '@carillon/contract';
import type { Change, Changes } from '../../changes/index.ts';
import type { Tx } from '../../platform/db/index.ts';
import { done, type Result, refuse } from '../refusal.ts';
import { lockSlotsFrom } from '../slots/store.ts';
import { editedSlots } from '../slots/touched.ts';
import { dateOf } from '../slots/zone.ts';
import type { Catalogue } from './catalogue.ts';
import type { ProductDefinition } from './definition.ts';
import { problemsOf } from './problems.ts';
import { productDocument } from './product.ts';
import { deleteDefinition, insertDefinition, lockProduct, updateDefinition } from './store.ts';

/** What an edit of a product is made with. `now` is ms UTC. */
export interface EditContext {
  readonly tx: Tx;
  readonly changes: Changes;
  readonly supplierId: string;
  readonly now: number;
}

const dayMs = 86_400_000;

/** A product, and the slots of it that may be still ahead somewhere on earth, all locked. */
async function lockForEdit({ tx, supplierId, now }: EditContext, productId: string) {
  const from = dateOf(now - dayMs);
  // The product first, as those do who make bookings: whoever makes a new row of it, of a slot too, waits for its lock.
  const product = await lockProduct(tx, supplierId, productId);
  return { ...product, slots: await lockSlotsFrom(tx, supplierId, productId, from) };
}

function catalogueOf(definition: ProductDefinition | undefined): Catalogue {
  return new Map(
    definition === undefined ? [] : [[definition.id, { definition, document: productDocument(definition) }]],
  );
}

/**
 * Stores what `edit` makes of a product (undefined: there is none yet, or it was deleted), and records what changed of its
 * document and of the slots that somebody reserved or edited, from yesterday on; a new product's has no before. An edit that
 * leaves them as they are records nothing. Bookings keep what they were made of.
 */
export async function editProduct(
  context: EditContext,
  productId: string,
  edit: (before: ProductDefinition | undefined) => Result<ProductDefinition>,
): Promise<Result<ProductDocument>> {
  const { tx, changes, supplierId, now } = context;
  const { stored, definition: before, slots } = await lockForEdit(context, productId);
  const edited = edit(before);
  if (!edited.ok) return edited;
  const [problem] = problemsOf(edited.value);
  if (problem !== undefined) return refuse({ kind: 'bad_request', message: problem });
  const write = stored ? updateDefinition : insertDefinition;
  await write(tx, supplierId, edited.value);
  const catalogue = { before: catalogueOf(before), after: catalogueOf(edited.value) };
  const [held] = await changes.hold(tx, [{ supplierId, type: 'product_update', id: productId }]);
  const after = productDocument(edited.value);
  const recorded: Change[] = await editedSlots(tx, changes, supplierId, slots, catalogue, now);
  if (held !== undefined && !isDeepStrictEqual(held.document, after)) {
    recorded.unshift({ held, connectionId: null, after });
  }
  await changes.record(tx, recorded);
  return done(after);
}

/**
 * Stops showing and selling a product. Its document stays as it was (OCTO has no word for a product that is gone), its bookings
 * too; the slots that somebody reserved or edited are recorded as CLOSED.
 */
export async function deleteProduct(context: EditContext, productId: string): Promise<Result<true>> {
  const { tx, changes, supplierId, now } = context;
  const { definition, slots } = await lockForEdit(context, productId);
  if (definition === undefined) return refuse({ kind: 'product', productId });
  await deleteDefinition(tx, supplierId, productId, now);
  const catalogue = { before: catalogueOf(definition), after: catalogueOf(undefined) };
  await changes.record(tx, await editedSlots(tx, changes, supplierId, slots, catalogue, now));
  return done(true);
}
