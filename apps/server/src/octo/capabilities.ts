import {
  type CapabilityId,
  canonicalCapability,
  capabilityIds,
  type EventType,
  fieldCapabilityIds,
} from '@carillon/contract';

/** The header's capabilities. `echo` is what is activated, in the caller's own spelling and order. */
export interface RequestedCapabilities {
  readonly ids: ReadonlySet<CapabilityId>;
  readonly echo: string;
  /** The header was sent, if only empty. */
  readonly given: boolean;
}

/** More than this many are noise. */
const maxListed = 100;

/** Reads `Octo-Capabilities`: a comma list, may be absent or empty; ids that are not ours are ignored. */
export function requestedCapabilities(header: string | undefined): RequestedCapabilities {
  const ids = new Set<CapabilityId>();
  const echoed: string[] = [];
  for (const listed of (header ?? '').split(',').slice(0, maxListed)) {
    const id = canonicalCapability(listed);
    if (id === undefined || ids.has(id)) continue;
    ids.add(id);
    echoed.push(listed.trim());
  }
  return { ids, echo: echoed.join(', '), given: header !== undefined };
}

/** The same with one more, which the call implies: an order is not shown without octo/cart. */
export function withCapability(requested: RequestedCapabilities, id: CapabilityId): RequestedCapabilities {
  if (requested.ids.has(id)) return requested;
  const echo = requested.echo === '' ? id : `${requested.echo}, ${id}`;
  return { ids: new Set([...requested.ids, id]), echo, given: requested.given };
}

/** The capabilities of a set that govern a field of a payload, in the order of the table. */
function governing(ids: ReadonlySet<CapabilityId>): CapabilityId[] {
  return fieldCapabilityIds.filter((id) => ids.has(id));
}

/**
 * The capabilities of a webhook: those of the header (Ventrata's documentation), or, when the header lists nothing beyond
 * octo/webhooks, those of the body (its OpenAPI). An order_update has octo/cart always.
 */
export function webhookCapabilities(
  event: EventType,
  header: ReadonlySet<CapabilityId>,
  body: readonly CapabilityId[] | undefined,
): CapabilityId[] {
  const ofHeader = governing(header);
  const chosen = new Set(ofHeader.length > 0 ? ofHeader : body);
  if (event === 'order_update') chosen.add('octo/cart');
  return governing(chosen);
}

const octoDocs = 'https://docs.octo.travel/getting-started/endpoints-and-capabilities';
const ventrataDocs = 'https://docs.ventrata.com/capabilities';

/** Pages that describe capabilities, by those whose they are. None that we know of describes octo/cart: Ventrata's OpenAPI has it. */
const docs: Readonly<Record<CapabilityId, string | null>> = {
  'octo/pricing': octoDocs,
  'octo/content': octoDocs,
  'octo/cart': null,
  'octo/webhooks': `${ventrataDocs}/webhooks`,
  'octo/notifications': `${ventrataDocs}/notifications`,
};

/** GET /capabilities (OCTO): what is declared. No capability is required, none needs another. */
export const declaredCapabilities = capabilityIds.map((id) => ({
  id,
  revision: 1,
  required: false,
  dependencies: [],
  docs: docs[id],
}));
