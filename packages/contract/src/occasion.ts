/** Everything that an event, or the passing of time, can mean to a guest. */
export const occasions = [
  'confirmed',
  'cancelled',
  'rescheduled',
  'updated',
  'expired',
  'refunded',
  'paid',
  'tickets_changed',
  'contact_changed',
  'visit_ahead',
  'visit_over',
] as const;
/** One thing that an event, or the passing of time, can mean to a guest. */
export type Occasion = (typeof occasions)[number];

/** What of a booking an `updated` is about. */
export const updatedParts = ['hours', 'product', 'option', 'units', 'pickup', 'meeting_point'] as const;
/** One thing of a booking that an `updated` is about. */
export type UpdatedPart = (typeof updatedParts)[number];

/** Money that changed hands, as its transactions have it: value / 10^currencyPrecision, and how it was paid, where that is told. */
export interface MovedMoney {
  readonly amount: number;
  readonly currency: string;
  readonly currencyPrecision: number;
  /** Each way once, such as CARD. */
  readonly methods: readonly string[];
  /** Of a refund: whether all that was ever paid has been given back. */
  readonly whole: boolean;
}

/** An occasion and, in one sentence, what in the payload makes it one. */
export interface Finding {
  readonly occasion: Occasion;
  readonly reason: string;
  /** Of `updated`: what changed. */
  readonly parts?: readonly UpdatedPart[];
  /** Of `paid` and `refunded`: the sum of the transactions that were added. */
  readonly money?: MovedMoney;
  /** Of `tickets_changed`: the values of the order's tickets that went and that came; none where bookings went with theirs. */
  readonly tickets?: { readonly gone: readonly string[]; readonly added: readonly string[] };
}
