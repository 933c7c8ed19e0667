import { randomBytes } from 'node:crypto';
import type { AvailabilityDocument, BookingDocument, OrderDocument, ProductDocument } from '@carillon/contract';
import type { Changes } from '../changes/index.ts';
import type { Db } from '../platform/db/index.ts';
import { createCodes } from './bookings/codes.ts';
import { type BookingCommands, bookingCommands } from './bookings/commands.ts';
import { type Expiry, type ExpiryFailed, expireHolds } from './bookings/expiry.ts';
import { type OrderCommands, orderCommands } from './bookings/order-commands.ts';
import { searchOldOrders } from './bookings/order-search.ts';
import { reserve } from './bookings/reserve.ts';
import type { ProductDefinition } from './catalogue/definition.ts';
import { deleteProduct, type EditContext, editProduct } from './catalogue/save.ts';
import { allDefinitions, definitionById } from './catalogue/store.ts';
import { connectionByKeyHash } from './parties/store.ts';
import type { Connection, Party, SupplierProfile } from './party.ts';
import { mostListed, readList } from './reading/list.ts';
import { profileOf } from './reading/profile.ts';
import { bookingText, listBookings, orderText, productText, productTexts } from './reading/store.ts';
import { done, type Result, refuse } from './refusal.ts';
import type { AvailabilityQuery, BookingFilter, CalendarQuery, Reservation } from './request.ts';
import type { CalendarDay } from './slots/calendar.ts';
import { editSlot, type SlotEdit } from './slots/edit.ts';
import { lookUpDays, lookUpSlots } from './slots/lookup.ts';
import { tellOfEdit } from './slots/telling.ts';
import { transact } from './transaction.ts';

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
  /** The newest first; refused when they are too many or too large for one answer. */
  bookings(by: Party, filter: BookingFilter): Promise<Result<readonly BookingDocument[]>>;
  order(by: Party, orderId: string): Promise<Result<OrderDocument>>;
  /** Expires holds whose time is past, about `limit` a call; safe on several nodes at once. What fails holds up no others. */
  expireHolds(limit: number, failed: ExpiryFailed): Promise<Expiry>;
  /** Has a portion of the orders from before that was so found by their contact; gives how many. Safe on several nodes at once. */
  searchOldOrders(): Promise<number>;
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
  /** Tells of a portion of the slots that an edit of a product changed; false when none is left. Safe on several nodes at once. */
  tellOfEdit(): Promise<boolean>;
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
  /** Runs a command that edits a product, and has its slots told of it. */
  const editing = async <T>(supplierId: string, work: (context: EditContext) => Promise<Result<T>>) => {
    const result = await transact(deps.db, (tx) => work({ tx, changes, supplierId, now: deps.now() }));
    if (result.ok) deps.db.notify('edits');
    return result;
  };
  const edit: Supplier['editProduct'] = (supplierId, productId, change) =>
    editing(supplierId, (context) => editProduct(context, productId, change));
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
      const listed = await listBookings(reader, by, filter, mostListed);
      const said = { what: 'bookings', advice: 'ask for one reference, or for fewer days of travel.' };
      return readList(deps, { supplierId: by.supplierId, type: 'booking_update' }, listed, said);
    },
    async order(by, orderId) {
      const text = await orderText(reader, by, orderId);
      if (text === undefined) return refuse({ kind: 'order', orderId });
      const [found] = await changes.documents<'order_update'>(reader, by.supplierId, [text]);
      return found === undefined ? refuse({ kind: 'order', orderId }) : done(found);
    },
    expireHolds: (limit, failed) => expireHolds(deps, limit, failed),
    searchOldOrders: () => searchOldOrders(deps),
    definitions: (supplierId) => allDefinitions(reader, supplierId),
    async definition(supplierId, productId) {
      const found = await definitionById(reader, supplierId, productId);
      return found === undefined ? refuse({ kind: 'product', productId }) : done(found);
    },
    saveProduct: (supplierId, definition) => edit(supplierId, definition.id, () => done(definition)),
    editProduct: edit,
    deleteProduct: (supplierId, productId) => editing(supplierId, (context) => deleteProduct(context, productId)),
    tellOfEdit: () => tellOfEdit(deps),
    editSlot: (supplierId, edit) => transact(deps.db, (tx) => editSlot(tx, deps.changes, supplierId, edit, deps.now())),
  };
}
