import { type SupplierDocument, supplierShape, viewBy } from '@carillon/contract';
import { arrivalOf } from '../platform/http/index.ts';
import { audienceOf } from './caller.ts';
import type { OctoContext, OctoDeps } from './deps.ts';

/** OCTO Supplier: the caller's, as the caller sees it; `endpoint` is the address that it was reached at. */
export function supplierSeen(c: OctoContext, publicUrl: OctoDeps['publicUrl']): object {
  const { id, name, contact, ...content }: SupplierDocument = c.var.caller.profile.document;
  const document = { id, name, endpoint: `${publicUrl(arrivalOf(c))}/octo`, contact, ...content };
  return viewBy(supplierShape, document, audienceOf(c.var.caller));
}
