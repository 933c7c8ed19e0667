import type { CapabilityId, EventType } from '@carillon/contract';
import type { Connection, Party } from '../supplier/index.ts';

/** What the OCTO face needs to give a connection its events. */
export type PullApi = (
  by: Connection,
  audience: { readonly capabilities: readonly CapabilityId[]; readonly language: string; readonly fallback: string },
  request: {
    /** The `next` of an answer before, or `now`. */
    readonly after: string | undefined;
    readonly limit: number;
    readonly types: readonly EventType[] | null;
    readonly waitMs: number;
    readonly signal: AbortSignal;
  },
) => Promise<
  | { readonly kind: 'page'; readonly events: readonly string[]; readonly next: string; readonly more: boolean }
  | { readonly kind: 'unknown' | 'pruned' }
>;

type State = 'pending' | 'held' | 'delivered' | 'gave_up' | 'cancelled';

/** What the OCTO face needs to show a connection the deliveries of its own webhooks. */
export interface DeliveryApi {
  /** Undefined: there is no such webhook, or no such delivery to go on from. */
  list(
    by: Party,
    webhookId: string,
    request: { readonly states: readonly State[] | null; readonly before: string | undefined; readonly limit: number },
  ): Promise<object | undefined>;
  /** Whether there is such a delivery, and its body. */
  one(
    by: Party,
    key: { readonly webhookId: string; readonly id: string },
  ): Promise<'whole' | 'erased' | 'pruned' | undefined>;
}

/** What the OCTO face needs to send again. */
export interface ReplayApi {
  retry(supplierId: string, deliveryId: string): Promise<'done' | 'missing' | { readonly refused: string }>;
  begin(
    supplierId: string,
    webhookId: string,
    request: {
      readonly from: number;
      readonly to?: number | undefined;
      readonly states?: readonly ('delivered' | 'gave_up' | 'cancelled')[] | undefined;
      readonly events?: readonly EventType[] | undefined;
      readonly perSecond?: number | undefined;
    },
  ): Promise<
    | {
        readonly kind: 'begun';
        readonly replay: {
          readonly id: string;
          readonly state: string;
          readonly found: number;
          readonly perSecond: number;
        };
      }
    | { readonly kind: 'missing' }
    | { readonly kind: 'busy' }
  >;
}
