import { type CapabilityId, type SupplierDocument, supplierShape, viewBy } from '@carillon/contract';
import { type Seal, shown, type Webhook } from './webhook.ts';

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
 * A delivery keeps the version that it was made with. A notification and a thin payload have ids for both, and no texts.
 */
export function renderVersions(webhook: Webhook, supplier: SupplierPart, seal: Seal): Map<string, string> {
  if (webhook.thin) {
    const ids = `"subscriptionId":${JSON.stringify(webhook.id)},"supplierId":${JSON.stringify(supplier.document.id)}`;
    return new Map([[supplier.language, ids]]);
  }
  if (webhook.telling.payload === 'thin') {
    // Ids, and the address that those of an object are to be asked for at.
    const { id } = supplier.document;
    const ids = `"webhook":${JSON.stringify({ id: webhook.id })},"supplier":${JSON.stringify({ id, endpoint: supplier.endpoint })}`;
    return new Map([[supplier.language, ids]]);
  }
  const seen = JSON.stringify(shown(webhook, seal));
  const languages = new Set([supplier.language, ...supplier.languages]);
  const capabilities = new Set<CapabilityId>(webhook.capabilities);
  const { id, name, contact, ...content } = supplier.document;
  return new Map(
    [...languages].map((language) => {
      const audience = { capabilities, language, fallback: supplier.language };
      const part = viewBy(supplierShape, { id, name, endpoint: supplier.endpoint, contact, ...content }, audience);
      return [language, `"webhook":${seen},"supplier":${JSON.stringify(part)}`];
    }),
  );
}
