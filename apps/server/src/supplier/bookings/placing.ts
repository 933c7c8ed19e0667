import type { BookingDocument, OrderDocument } from '@carillon/contract';
import type { Changes, Held } from '../../changes/index.ts';
import type { Tx } from '../../platform/db/index.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Deps } from '../deps.ts';
import type { Party } from '../party.ts';
import { done, type Result } from '../refusal.ts';
import type { UnplacedHold } from './hold.ts';
import { emptyLedger } from './ledger.ts';
import { baseOf, checkSize, ledgerOf, type OrderBase, orderDocument } from './order.ts';
import type { LockedOrder } from './order-store.ts';
import type { OrderOwn } from './own.ts';
import { settle } from './settle.ts';
import { takesPlaces } from './state.ts';
import { utc } from './time.ts';

/** An order that holds are put into: locked, or new. */
export interface OpenOrder {
  readonly order: LockedOrder;
  readonly held: Held<'order_update'>;
  readonly base: OrderBase;
}

/** An order that is there, and locked. */
export function existingOrder(
  order: LockedOrder,
  held: Held<'order_update'> & { readonly document: OrderDocument },
  now: number,
): OpenOrder {
  return { order, held, base: baseOf(held.document, order.own, ledgerOf(held.document, order.own), now) };
}

/** What a new order is made of beside its bookings. `currency` is that of an order without any. */
export interface NewOrder {
  readonly kind: 'website' | 'reseller';
  readonly testMode: boolean;
  readonly own: OrderOwn;
  readonly currency: string;
  readonly now: number;
}

/** A new order of a connection. A guest pays on the website; a reseller is invoiced (Ventrata settlementMethod). */
export function newOrder({ newId, codes }: Deps, by: Party, made: NewOrder): OpenOrder {
  const { supplierId, connectionId } = by;
  const { testMode, own, currency } = made;
  const [id, reference] = [newId(), codes.reference()];
  const settlementMethod = made.kind === 'website' ? 'DIRECT' : 'DEFERRED';
  return {
    order: { supplierId, connectionId, id, reference, bookings: 0, testMode, own },
    held: { supplierId, type: 'order_update', id, document: null, position: 0, eventId: null },
    base: {
      id,
      testMode,
      supplierReference: reference,
      settlementMethod,
      settlementMethods: [settlementMethod],
      utcCreatedAt: utc(made.now),
      utcUpdatedAt: utc(made.now),
      own,
      ledger: emptyLedger,
      currency,
      before: null,
    },
  };
}

/** A hold, and the fingerprint of the request that makes it. */
export interface MadeHold {
  readonly hold: UnplacedHold;
  readonly fingerprint: string;
}

/** What came of placing holds. */
export interface PlacedHolds {
  readonly order: OrderDocument;
  readonly bookings: readonly BookingDocument[];
}

function placed(hold: UnplacedHold, order: LockedOrder, number: number, primary: boolean): BookingDocument {
  const { id, uuid, ...rest } = hold;
  return {
    id,
    uuid,
    orderId: order.id,
    orderReference: order.reference,
    primary,
    ...rest,
    supplierReference: `${order.reference}-${number}`,
  };
}

/** Puts holds into an order, as one change of it, or makes the order with them. The first of an order is its primary one. */
export async function placeHolds(
  tx: Tx,
  changes: Changes,
  { order, held, base }: OpenOrder,
  made: readonly MadeHold[],
  { catalogue, now }: { readonly catalogue: Catalogue; readonly now: number },
): Promise<Result<PlacedHolds>> {
  const before = held.document?.bookings ?? [];
  const led = before.some((booking) => booking.primary && takesPlaces(booking.status));
  const bookings = made.map(({ hold }, index) => placed(hold, order, order.bookings + index + 1, !led && index === 0));
  const document = orderDocument(base, [...before, ...bookings], now);
  const small = checkSize(held.document ?? undefined, document);
  if (!small.ok) return small;
  const settled = await settle(tx, changes, {
    order: { ...order, bookings: order.bookings + made.length },
    heldOrder: held,
    orderAfter: document,
    bookings: bookings.map((after, index) => ({
      held: {
        supplierId: order.supplierId,
        type: 'booking_update' as const,
        id: after.uuid,
        document: null,
        position: 0,
        eventId: null,
      },
      after,
      fingerprint: made[index]?.fingerprint ?? '',
    })),
    catalogue,
    now,
  });
  return settled.ok ? done({ order: document, bookings }) : settled;
}
