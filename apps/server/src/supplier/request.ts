import type { Contact, UnitType } from '@carillon/contract';

/** Contact details in a request: an absent key stays as it is, null clears it (OCTO). */
export type ContactRequest = { readonly [Key in keyof Contact]?: Contact[Key] | null | undefined };

/** One unit item of a request (OCTO BookingUnitItem). In an update, an item with a known `uuid` is kept. */
export interface UnitRequest {
  readonly uuid?: string | undefined;
  readonly unitId: string;
  readonly resellerReference?: string | null | undefined;
  readonly contact?: ContactRequest | undefined;
}

/** A new hold (OCTO BookingReservation). `uuid` makes it idempotent; `orderId` adds it to an order (octo/cart). */
export interface Reservation {
  readonly uuid?: string | undefined;
  readonly orderId?: string | undefined;
  readonly productId: string;
  readonly optionId: string;
  /** May be absent only where the product allows freesale or needs no availability. */
  readonly availabilityId?: string | null | undefined;
  readonly unitItems: readonly UnitRequest[];
  readonly expirationMinutes?: number | undefined;
  readonly notes?: string | null | undefined;
  readonly resellerReference?: string | null | undefined;
  readonly contact?: ContactRequest | undefined;
  /** The guest is to get e-mails though the connection's guests do not (Ventrata). */
  readonly emailReceipt?: boolean | undefined;
  /** Takes no place, its codes admit nobody (Ventrata's Octo-Env: test). */
  readonly testMode: boolean;
  readonly currency?: string | null | undefined;
}

/** A new order (Ventrata POST /orders): empty, or with holds. What a booking does not say, the order says. */
export interface OrderCreation {
  readonly bookings?: readonly Omit<Reservation, 'orderId' | 'testMode'>[] | undefined;
  readonly contact?: ContactRequest | undefined;
  readonly emailReceipt?: boolean | undefined;
  readonly expirationMinutes?: number | undefined;
  readonly currency?: string | undefined;
  readonly testMode: boolean;
}

/** Changes of an order (Ventrata PATCH /orders/{id}): its own contact; receipt and hold are those of its bookings. */
export interface OrderUpdate {
  readonly contact?: ContactRequest | undefined;
  readonly emailReceipt?: boolean | undefined;
  readonly expirationMinutes?: number | undefined;
}

/** Which orders of a connection to list (Ventrata); times are ms UTC, both ends included. */
export interface OrderFilter {
  readonly contactEmailAddress?: string | undefined;
  readonly contactLastName?: string | undefined;
  readonly contactPhoneNumber?: string | undefined;
  readonly supplierReference?: string | undefined;
  readonly utcCreatedAtStart?: number | undefined;
  readonly utcCreatedAtEnd?: number | undefined;
  readonly utcUpdatedAtStart?: number | undefined;
  readonly utcUpdatedAtEnd?: number | undefined;
}

/** Money that changed hands outside a booking call, told by hand: `amount` is more than 0, in the currency's smallest part. */
export interface Told {
  readonly amount: number;
  /** How: CASH, CARD, …; the order's settlement method unless given. */
  readonly method?: string | undefined;
  readonly reference?: string | null | undefined;
  /** The booking that it is for. */
  readonly bookingUuid?: string | undefined;
}

/** Changes of a booking (OCTO BookingUpdate): an absent key stays as it is. */
export interface Update {
  readonly productId?: string | undefined;
  readonly optionId?: string | undefined;
  readonly availabilityId?: string | null | undefined;
  /** The items it will have: those with a known `uuid` are kept, the others are new, those not listed are removed. */
  readonly unitItems?: readonly UnitRequest[] | undefined;
  readonly contact?: ContactRequest | undefined;
  readonly notes?: string | null | undefined;
  readonly resellerReference?: string | null | undefined;
  readonly emailReceipt?: boolean | undefined;
  /** Restarts a hold from now; without effect on what is no hold. */
  readonly expirationMinutes?: number | undefined;
}

/** What may come with a confirmation (OCTO BookingConfirmation). */
export type Confirmation = Pick<Update, 'contact' | 'resellerReference' | 'emailReceipt' | 'unitItems' | 'notes'>;

/** A longer hold; without minutes, the supplier's usual time from now. */
export interface Extension {
  readonly expirationMinutes?: number | undefined;
}

/** A cancellation; `force` also cancels past the cut-off, then without a refund. */
export interface CancellationRequest {
  readonly reason?: string | null | undefined;
  readonly force?: boolean | undefined;
  readonly emailReceipt?: boolean | undefined;
}

/** Which bookings of a connection to list; dates are of travel, YYYY-MM-DD, both included. */
export interface BookingFilter {
  readonly resellerReference?: string | undefined;
  readonly supplierReference?: string | undefined;
  readonly localDateStart?: string | undefined;
  readonly localDateEnd?: string | undefined;
  readonly productId?: string | undefined;
  readonly optionId?: string | undefined;
}

/** How many of a unit somebody wants, named by its id, or by its type: the first of the option that has it (Ventrata). */
export interface UnitCount {
  readonly id?: string | undefined;
  readonly type?: UnitType | undefined;
  readonly quantity: number;
}

/** Which slots of an option to look up: those of a range of days (YYYY-MM-DD, both included), or those with the given ids. */
export interface AvailabilityQuery {
  readonly productId: string;
  readonly optionId: string;
  readonly localDateStart?: string | undefined;
  readonly localDateEnd?: string | undefined;
  readonly availabilityIds?: readonly string[] | undefined;
  /** Slots without room for all of them are shown as sold out, and priced for them together. */
  readonly units?: readonly UnitCount[] | undefined;
  /** Prices in this currency only. */
  readonly currency?: string | null | undefined;
}

/** Which days of an option to look up, YYYY-MM-DD, both included. */
export type CalendarQuery = Required<Pick<AvailabilityQuery, 'productId' | 'optionId'>> & {
  readonly localDateStart: string;
  readonly localDateEnd: string;
  readonly units?: readonly UnitCount[] | undefined;
  readonly currency?: string | null | undefined;
};
