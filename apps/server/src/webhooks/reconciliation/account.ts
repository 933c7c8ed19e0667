/** What became of deliveries: each is counted once. One that had arrived counts as delivered while it is sent again. */
export interface Tally {
  /** All of them: an event that matched a webhook is one. */
  readonly owed: number;
  readonly delivered: number;
  readonly pending: number;
  readonly held: number;
  readonly gaveUp: number;
  readonly cancelled: number;
}

/** Nothing was owed. */
export const nothing: Tally = { owed: 0, delivered: 0, pending: 0, held: 0, gaveUp: 0, cancelled: 0 };

/** Both together. */
export function plus(one: Tally, other: Tally): Tally {
  return {
    owed: one.owed + other.owed,
    delivered: one.delivered + other.delivered,
    pending: one.pending + other.pending,
    held: one.held + other.held,
    gaveUp: one.gaveUp + other.gaveUp,
    cancelled: one.cancelled + other.cancelled,
  };
}

/**
 * Why a delivery is accounted for by nothing:
 * - `lost`: it was stored with its event, and is gone;
 * - `no_head`: it waits in a lane in which nothing may be sent;
 * - `no_webhook`: it is open, and its webhook is gone;
 * - `no_body`: it is open, and its view, its webhook's version or its event is gone;
 * - `leased`: some process has it in hand for longer than any may;
 * - `no_end`: it has ended at no time, or is open and has ended;
 * - `no_reason`: it was given up or cancelled, and nothing says why;
 * - `no_attempt`: it is delivered, and was never tried.
 */
export const faultKinds = [
  'lost',
  'no_head',
  'no_webhook',
  'no_body',
  'leased',
  'no_end',
  'no_reason',
  'no_attempt',
] as const;
export type FaultKind = (typeof faultKinds)[number];

/** Something that is unaccounted for. */
export interface Fault {
  readonly kind: FaultKind;
  /** Null: it is lost. */
  readonly deliveryId: string | null;
  /** Null: of a lost one, it is not known which. */
  readonly webhookId: string | null;
  readonly eventId: string | null;
  /** How many: of one event, several may be lost. */
  readonly count: number;
}

/** A supplier's deliveries that became owed in a time range, ms UTC; `to` is excluded. */
export interface Range {
  readonly supplierId: string;
  readonly from: number;
  readonly to: number;
}

/** A place in the order in which things became owed, or events were recorded: after this one. */
export interface Place {
  readonly at: number;
  readonly id: string;
}

/** What is after one place, and not after another. */
export interface Stretch {
  readonly supplierId: string;
  readonly after: Place;
  readonly until: Place;
}
