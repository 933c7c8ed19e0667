import { isDeepStrictEqual } from 'node:util';
import type { ProductDocument } from '@carillon/contract';
import type { Changes } from '../../changes/index.ts';
import type { Tx } from '../../platform/db/index.ts';
import { done, type Result, refuse } from '../refusal.ts';
import type { ProductDefinition } from './definition.ts';
import { problemsOf } from './problems.ts';
import { productDocument } from './product.ts';
import { writeDefinition } from './store.ts';

/**
 * Stores a product as the operator edited it, and records the change of its document; a new product's has no before. An edit
 * that leaves the document as it is (of the schedule's capacity, say) records nothing. Bookings keep what they were made of.
 */
export async function saveProduct(
  tx: Tx,
  changes: Changes,
  supplierId: string,
  definition: ProductDefinition,
): Promise<Result<ProductDocument>> {
  const [problem] = problemsOf(definition);
  if (problem !== undefined) return refuse({ kind: 'bad_request', message: problem });
  await writeDefinition(tx, supplierId, definition);
  const [held] = await changes.hold(tx, [{ supplierId, type: 'product_update', id: definition.id }]);
  const after = productDocument(definition);
  if (held === undefined || isDeepStrictEqual(held.document, after)) return done(after);
  await changes.record(tx, [{ held, connectionId: null, after }]);
  return done(after);
}
