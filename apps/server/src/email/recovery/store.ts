import type { Queryable, Tx } from '../../platform/db/index.ts';
import type { Recovered } from './recovered.ts';

/** A booking that comes so long after the e-mail counts as recovered, ms. */
const countsMs = 7 * 86_400_000;

/** Notes bookings as recovered whose e-mail is the supplier's and left within the last seven days; each booking once. */
export function writeRecovered(tx: Tx, recovered: readonly Recovered[]): void {
  for (const one of recovered) {
    tx.send(
      `insert into recoveries
         (booking_uuid, supplier_id, campaign_id, message_id, order_id, amount, currency, currency_precision, recovered_at)
       select cast($1 as text), m.supplier_id, m.campaign_id, m.id, cast($2 as text), cast($3 as bigint), cast($4 as text),
              cast($5 as integer), cast($6 as bigint)
         from messages m
        where m.id = $7 and m.supplier_id = $8 and m.state in ('sent', 'unknown', 'sending') and m.created_at >= $9
           on conflict (booking_uuid) do nothing`,
      [
        one.bookingUuid,
        one.orderId,
        one.amount,
        one.currency,
        one.currencyPrecision,
        one.recoveredAt,
        one.messageId,
        one.supplierId,
        one.recoveredAt - countsMs,
      ],
    );
  }
}

/** What a campaign brought back, in one currency: value × 10^precision. */
export interface Revenue {
  readonly currency: string;
  readonly currencyPrecision: number;
  readonly bookings: number;
  readonly amount: number;
}

/** What a campaign brought back since a time (ms UTC), by currency. */
export function revenueOf(
  db: Queryable,
  of: { readonly supplierId: string; readonly campaignId: string; readonly since: number },
): Promise<Revenue[]> {
  return db.all<Revenue>(
    `select currency, currency_precision as "currencyPrecision", cast(count(*) as bigint) as bookings,
            cast(sum(amount) as bigint) as amount
       from recoveries
      where supplier_id = $1 and campaign_id = $2 and recovered_at >= $3
      group by currency, currency_precision order by currency`,
    [of.supplierId, of.campaignId, of.since],
  );
}

/** A booking that a campaign brought back. */
export interface RecoveredListed {
  readonly bookingUuid: string;
  readonly orderId: string;
  readonly messageId: string;
  readonly amount: number;
  readonly currency: string;
  readonly currencyPrecision: number;
  /** ms UTC. */
  readonly recoveredAt: number;
}

/** The bookings that a campaign brought back since a time (ms UTC), the latest first, at most `limit`. */
export function recoveredBookings(
  db: Queryable,
  of: { readonly supplierId: string; readonly campaignId: string; readonly since: number; readonly limit: number },
): Promise<RecoveredListed[]> {
  return db.all<RecoveredListed>(
    `select booking_uuid as "bookingUuid", order_id as "orderId", message_id as "messageId", amount, currency,
            currency_precision as "currencyPrecision", recovered_at as "recoveredAt"
       from recoveries
      where supplier_id = $1 and campaign_id = $2 and recovered_at >= $3
      order by recovered_at desc, booking_uuid limit $4`,
    [of.supplierId, of.campaignId, of.since, of.limit],
  );
}
