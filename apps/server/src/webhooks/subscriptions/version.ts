import { type CapabilityId, type SupplierDocument, supplierShape, viewBy } from '@carillon/contract';
import type { WebhookShown } from './webhook.ts';

/** What a body needs to know of a supplier; `endpoint` is the base address of its OCTO API. */
export interface SupplierPart {
  readonly document: SupplierDocument;
  readonly endpoint: string;
  /** Shown when nobody asks for another. */
  readonly language: string;
  /** Every language that the supplier's texts exist in. */
  readonly languages: readonly string[];
}

/**
 * What a body says of the webhook and its supplier, once per language: the text between `"event":…,` and the object.
 * A delivery keeps the version that it was made with.
 */
export function renderVersions(webhook: WebhookShown, supplier: SupplierPart): Map<string, string> {
  const languages = new Set([supplier.language, ...supplier.languages]);
  const capabilities = new Set<CapabilityId>(webhook.capabilities);
  const { id, name, contact, ...content } = supplier.document;
  return new Map(
    [...languages].map((language) => {
      const audience = { capabilities, language, fallback: supplier.language };
      const part = viewBy(supplierShape, { id, name, endpoint: supplier.endpoint, contact, ...content }, audience);
      return [language, `"webhook":${JSON.stringify(webhook)},"supplier":${JSON.stringify(part)}`];
    }),
  );
}
