import { isDeepStrictEqual } from 'node:util';
import type { ProductDocument } from '@carillon/contract';
import type { Changes } from '../../changes/index.ts';
import type { Tx } from '../../platform/db/index.ts';
import { done, type Result, refuse } from '../refusal.ts';
import { optionsEdited } from '../slots/facts.ts';
import type { ProductDefinition } from './definition.ts';
import { lockEdit, openEdit } from './edit-store.ts';
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

/** Leaves it to `tellOfEdit` to tell the slots that look different after an edit of a product, whose row is locked. */
async function leaveSlots(
  { tx, supplierId, now }: EditContext,
  productId: string,
  edit: { readonly before: ProductDefinition | undefined; readonly after: ProductDefinition | undefined },
): Promise<void> {
  const edited = optionsEdited(edit.before, edit.after);
  if (edited.length === 0) return;
  const key = { supplierId, productId };
  const earlier = await lockEdit(tx, key, tx.dialect.forUpdate);
  const optionIds = [...new Set([...(earlier?.optionIds ?? []), ...edited])];
  await openEdit(tx, key, { before: edit.before, optionIds }, now);
}

async function recordProduct({ tx, changes, supplierId }: EditContext, after: ProductDocument): Promise<void> {
  const [held] = await changes.hold(tx, [{ supplierId, type: 'product_update', id: after.id }]);
  if (held === undefined || isDeepStrictEqual(held.document, after)) return;
  await changes.record(tx, [{ held, connectionId: null, after }]);
}

/**
 * Stores what `edit` makes of a product (undefined: there is none yet, or it was deleted), and records what changed of its
 * document; a new product's has no before. Its slots are told afterwards (`tellOfEdit`), apart from those of a new product, which
 * nobody knows yet. An edit that leaves everything as it is records nothing. Bookings keep what they were made of.
 */
export async function editProduct(
  context: EditContext,
  productId: string,
  edit: (before: ProductDefinition | undefined) => Result<ProductDefinition>,
): Promise<Result<ProductDocument>> {
  const { tx, supplierId } = context;
  const { stored, definition: before } = await lockProduct(tx, supplierId, productId);
  const edited = edit(before);
  if (!edited.ok) return edited;
  const [problem] = problemsOf(edited.value);
  if (problem !== undefined) return refuse({ kind: 'bad_request', message: problem });
  await (stored ? updateDefinition : insertDefinition)(tx, supplierId, edited.value);
  const after = productDocument(edited.value);
  await recordProduct(context, after);
  if (stored) await leaveSlots(context, productId, { before, after: edited.value });
  return done(after);
}

/**
 * Stops showing and selling a product; its bookings stay. OCTO has no word for a product that is gone: it is told of without
 * options, so that nothing of it can be booked, and its slots, afterwards, as CLOSED.
 */
export async function deleteProduct(context: EditContext, productId: string): Promise<Result<true>> {
  const { tx, supplierId, now } = context;
  const { definition } = await lockProduct(tx, supplierId, productId);
  if (definition === undefined) return refuse({ kind: 'product', productId });
  await deleteDefinition(tx, supplierId, productId, now);
  await recordProduct(context, { ...productDocument(definition), options: [] });
  await leaveSlots(context, productId, { before: definition, after: undefined });
  return done(true);
}
