import { randomBytes } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { AvailabilityDocument, BookingDocument, OrderDocument, ProductDocument } from '@carillon/contract';
import type { Changes } from '../changes/index.ts';
import type { Db } from '../platform/db/index.ts';
import { createCodes } from './bookings/codes.ts';
import { type BookingCommands, bookingCommands } from './bookings/commands.ts';
import { type Expiry, type ExpiryFailed, expireHolds } from './bookings/expiry.ts';
import { type OrderCommands, orderCommands } from './bookings/order-commands.ts';
import { reserve } from './bookings/reserve.ts';
import type { ProductDefinition } from './catalogue/definition.ts';
import { deleteProduct, editProduct } from './catalogue/save.ts';
import { allDefinitions, definitionsById } from './catalogue/store.ts';
import { connectionByKeyHash } from './parties/store.ts';
import type { Connection, Party, SupplierProfile } from './party.ts';
import { profileOf } from './reading/profile.ts';
import { bookingText, bookingTexts, orderText, productText, productTexts } from './reading/store.ts';
import { done, type Result, refuse, unprocessable } from './refusal.ts';
import type { AvailabilityQuery, BookingFilter, CalendarQuery, Reservation } from './request.ts';
import type { CalendarDay } from './slots/calendar.ts';
import { editSlot, type SlotEdit } from './slots/edit.ts';
import { lookUpDays, lookUpSlots } from './slots/lookup.ts';
import { transact } from './transaction.ts';

/** The most bookings that one list gives: OCTO has no pages. */
const longestList = 1_000;
/** Bookings that are parsed at once, so that a long list holds up no other call. */
const readAtOnce = 100;

/** The built-in booking engine: products, availability, bookings and orders of many suppliers. */
export interface Supplier extends BookingCommands, OrderCommands {
  /** The connection whose API key has this SHA-256, in hex. */
  connectionOf(apiKeyHash: string): Promise<Connection | undefined>;
  /** A supplier that exists, with its settings. */
  profile(supplierId: string): Promise<SupplierProfile>;
  products(supplierId: string): Promise<readonly ProductDocument[]>;
  product(supplierId: string, productId: string): Promise<Result<ProductDocument>>;
  availability(supplierId: string, query: AvailabilityQuery): Promise<Result<readonly AvailabilityDocument[]>>;
  calendar(supplierId: string, query: CalendarQuery): Promise<Result<readonly CalendarDay[]>>;
  /** Makes a hold, in a new order unless one is named. */
  reserve(by: Party, request: Reservation): Promise<Result<BookingDocument>>;
  booking(by: Party, uuid: string): Promise<Result<BookingDocument>>;
  /** The newest first; refused when they are more than `longestList`. */
  bookings(by: Party, filter: BookingFilter): Promise<Result<readonly BookingDocument[]>>;
  order(by: Party, orderId: string): Promise<Result<OrderDocument>>;
  /** Expires holds whose time is past, about `limit` a call; safe on several nodes at once. What fails holds up no others. */
  expireHolds(limit: number, failed: ExpiryFailed): Promise<Expiry>;
  /** What the operator edits: the definitions of a supplier's products, in their order. */
  definitions(supplierId: string): Promise<readonly ProductDefinition[]>;
  definition(supplierId: string, productId: string): Promise<Result<ProductDefinition>>;
  /** Makes a product, or puts another in its place. */
  saveProduct(supplierId: string, definition: ProductDefinition): Promise<Result<ProductDocument>>;
  /** Stores what `edit` makes of a product as it is; undefined where there is none. The id stays. */
  editProduct(
    supplierId: string,
    productId: string,
    edit: (before: ProductDefinition | undefined) => Result<ProductDefinition>,
  ): Promise<Result<ProductDocument>>;
  deleteProduct(supplierId: string, productId: string): Promise<Result<true>>;
  /** Edits one slot: its capacity, and whether it is closed. */
  editSlot(supplierId: string, edit: SlotEdit): Promise<Result<AvailabilityDocument>>;
}

/** Makes the booking engine. `now` gives ms UTC, `newId` a fresh id that sorts by time, `random` so many random bytes. */
export function createSupplier({
  random = randomBytes,
  ...given
}: {
  readonly db: Db;
  readonly changes: Changes;
  readonly now: () => number;
  readonly newId: () => string;
  readonly random?: (bytes: number) => Uint8Array;
}): Supplier {
  const deps = { ...given, codes: createCodes(random) };
  const { reader } = deps.db;
  const { changes } = deps;
  const edit: Supplier['editProduct'] = (supplierId, productId, change) =>
    transact(deps.db, (tx) => editProduct({ tx, changes, supplierId, now: deps.now() }, productId, change));
  return {
    ...bookingCommands(deps),
    ...orderCommands(deps),
    connectionOf: (apiKeyHash) => connectionByKeyHash(reader, apiKeyHash),
    profile: (supplierId) => profileOf(reader, supplierId),
    products: async (supplierId) =>
      changes.documents<'product_update'>(reader, supplierId, await productTexts(reader, supplierId)),
    async product(supplierId, productId) {
      const text = await productText(reader, supplierId, productId);
      const [found] = await changes.documents<'product_update'>(reader, supplierId, text === undefined ? [] : [text]);
      return found === undefined ? refuse({ kind: 'product', productId }) : done(found);
    },
    availability: (supplierId, query) => lookUpSlots(reader, supplierId, query, deps.now()),
    calendar: (supplierId, query) => lookUpDays(reader, supplierId, query, deps.now()),
    reserve: (by, request) => reserve(deps, by, request),
    async booking(by, uuid) {
      const text = await bookingText(reader, by, uuid);
      if (text === undefined) return refuse({ kind: 'booking', uuid });
      const [found] = await changes.documents<'booking_update'>(reader, by.supplierId, [text]);
      return found === undefined ? refuse({ kind: 'booking', uuid }) : done(found);
    },
    async bookings(by, filter) {
      const texts = await bookingTexts(reader, by, filter, longestList + 1);
      if (texts.length > longestList) {
        return unprocessable(
          `More than ${longestList} bookings match: ask for one reference, or for fewer days of travel.`,
        );
      }
      const found: BookingDocument[] = [];
      for (let start = 0; start < texts.length; start += readAtOnce) {
        const portion = texts.slice(start, start + readAtOnce);
        found.push(...(await changes.documents<'booking_update'>(reader, by.supplierId, portion)));
        await nextTurn();
      }
      return done(found);
    },
    async order(by, orderId) {
      const text = await orderText(reader, by, orderId);
      if (text === undefined) return refuse({ kind: 'order', orderId });
      const [found] = await changes.documents<'order_update'>(reader, by.supplierId, [text]);
      return found === undefined ? refuse({ kind: 'order', orderId }) : done(found);
    },
    expireHolds: (limit, failed) => expireHolds(deps, limit, failed),
    definitions: (supplierId) => allDefinitions(reader, supplierId),
    async definition(supplierId, productId) {
      const [found] = await definitionsById(reader, supplierId, [productId]);
      return found === undefined ? refuse({ kind: 'product', productId }) : done(found);
    },
    saveProduct: (supplierId, definition) => edit(supplierId, definition.id, () => done(definition)),
    editProduct: edit,
    deleteProduct: (supplierId, productId) =>
      transact(deps.db, (tx) => deleteProduct({ tx, changes, supplierId, now: deps.now() }, productId)),
    editSlot: (supplierId, edit) => transact(deps.db, (tx) => editSlot(tx, deps.changes, supplierId, edit, deps.now())),
  };
}
