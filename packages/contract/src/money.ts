/** OCTO Tax inside a Pricing: integers, value / 10^currencyPrecision. */
export interface Tax {
  readonly name: string;
  readonly original: number;
  readonly retail: number;
  readonly net: number | null;
}

/** OCTO Pricing: integers, value / 10^currencyPrecision; `original` ≥ `retail`. */
export interface Pricing {
  readonly original: number;
  readonly retail: number;
  readonly net: number | null;
  readonly currency: string;
  readonly currencyPrecision: number;
  readonly includedTaxes: readonly Tax[];
}

/**
 * One step of a cancellation policy (ours): what is cancelled at least so many hours before the start, or before closing where
 * there are opening hours, is refunded so many percent of its price, 0 to 100.
 */
export interface RefundStep {
  readonly untilHoursBefore: number;
  readonly refundPercent: number;
}

/** Ventrata's settlement methods: with DIRECT the guest pays when booking, with DEFERRED the reseller is invoiced. */
export type SettlementMethod = 'DEFERRED' | 'DEPOSIT' | 'DIRECT' | 'VOUCHER' | 'WHOLESALE';

/**
 * Money that changed hands for an order. Ventrata's help article has transactions in an order's diff without showing one; the
 * fields are ours. `amount` is more than 0, value / 10^currencyPrecision, also of a refund.
 */
export interface Transaction {
  readonly id: string;
  readonly type: 'PAYMENT' | 'REFUND';
  readonly amount: number;
  readonly currency: string;
  readonly currencyPrecision: number;
  /** How it was paid: the order's settlement method, or what was told by hand (CASH, CARD, …). */
  readonly method: string;
  readonly reference: string | null;
  readonly utcCreatedAt: string;
  /** The `id` of the booking that it is for; null: the order as a whole. */
  readonly bookingId: string | null;
}

/**
 * What an order's money comes to (ours; octo/pricing): paid − refunded + outstanding = price of what is booked + retained. All
 * are 0 or more, value / 10^currencyPrecision.
 */
export interface Balance {
  readonly paid: number;
  readonly refunded: number;
  /** Cancellation fees: what was cancelled and not given back, or is owed all the same. */
  readonly retained: number;
  readonly outstanding: number;
  readonly currency: string;
  readonly currencyPrecision: number;
}
