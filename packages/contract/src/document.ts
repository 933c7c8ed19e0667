/**
 * Documents: the complete state of a subject, with every capability's fields and every language.
 * Field names, nullability and enums are OCTO's (core 2.x); what is Ventrata's or ours says so.
 * A text that exists in several languages is a `Text`; a view has a plain string in its place.
 */

import type { Contact, ContactField, Content, Feature, Media, Text } from './content.ts';
import type { Balance, Pricing, RefundStep, SettlementMethod, Transaction } from './money.ts';

export type * from './content.ts';
export type * from './money.ts';

/** OCTO UnitType. */
export const unitTypes = [
  'ADULT',
  'YOUTH',
  'CHILD',
  'INFANT',
  'FAMILY',
  'SENIOR',
  'STUDENT',
  'MILITARY',
  'OTHER',
] as const;
/** One of `unitTypes`. */
export type UnitType = (typeof unitTypes)[number];

/** OCTO Unit; `title`, `shortDescription`, `features` come with octo/content, prices with octo/pricing. */
export interface Unit {
  readonly id: string;
  readonly internalName: string;
  readonly reference: string | null;
  readonly type: UnitType;
  readonly restrictions: {
    readonly minAge: number;
    readonly maxAge: number;
    readonly idRequired: boolean;
    readonly minQuantity: number | null;
    readonly maxQuantity: number | null;
    readonly paxCount: number;
    readonly accompaniedBy: readonly string[];
    /** These six come with octo/content. Units: `cm` or `in`, `kg` or `lb`. */
    readonly minHeight?: number;
    readonly maxHeight?: number;
    readonly heightUnit?: string;
    readonly minWeight?: number;
    readonly maxWeight?: number;
    readonly weightUnit?: string;
  };
  readonly requiredContactFields: readonly ContactField[];
  readonly title: Text;
  /** Absent where there is none: OCTO's may not be null. */
  readonly shortDescription?: Text;
  readonly features: readonly Feature[];
  /** In a product: indicative prices. */
  readonly pricingFrom?: readonly Pricing[];
  /** In a booking: the price it was booked at (OCTO: `pricing` in place of `pricingFrom`). */
  readonly pricing?: readonly Pricing[];
}

/** OCTO Option. */
export interface Option extends Content {
  readonly id: string;
  readonly default: boolean;
  readonly internalName: string;
  readonly reference: string | null;
  /** HH:MM in the venue's zone; empty for OPENING_HOURS. */
  readonly availabilityLocalStartTimes: readonly string[];
  readonly cancellationCutoff: string;
  readonly cancellationCutoffAmount: number;
  readonly cancellationCutoffUnit: 'minute' | 'hour' | 'day';
  /** What a cancellation before the cut-off gives back; absent: everything. Comes with octo/pricing. */
  readonly cancellationPolicy?: readonly RefundStep[];
  readonly requiredContactFields: readonly ContactField[];
  readonly restrictions: { readonly minUnits: number; readonly maxUnits: number | null };
  readonly units: readonly Unit[];
  /** Where the product is priced per booking, as a unit has them where it is priced per unit. */
  readonly pricingFrom?: readonly Pricing[];
  readonly pricing?: readonly Pricing[];
}

/** OCTO DeliveryFormat. */
export type DeliveryFormat = 'PDF_URL' | 'QRCODE' | 'CODE128' | 'PKPASS_URL' | 'AZTECCODE';
/** OCTO DeliveryMethod. */
export type DeliveryMethod = 'VOUCHER' | 'TICKET';
/** OCTO RedemptionMethod. */
export type RedemptionMethod = 'DIGITAL' | 'PRINT' | 'MANIFEST';

/** OCTO Product. */
export interface ProductDocument extends Content {
  readonly id: string;
  readonly internalName: string;
  readonly reference: string | null;
  /** BCP 47: the language the product is written in. */
  readonly locale: string;
  /** IANA zone of the venue. */
  readonly timeZone: string;
  readonly allowFreesale: boolean;
  readonly instantConfirmation: boolean;
  readonly instantDelivery: boolean;
  readonly availabilityRequired: boolean;
  readonly availabilityType: 'START_TIME' | 'OPENING_HOURS';
  readonly deliveryFormats: readonly DeliveryFormat[];
  readonly deliveryMethods: readonly DeliveryMethod[];
  readonly redemptionMethod: RedemptionMethod;
  readonly options: readonly Option[];
  readonly defaultCurrency: string;
  readonly availableCurrencies: readonly string[];
  readonly pricingPer: 'UNIT' | 'BOOKING';
}

/** OCTO AvailabilityStatus; LIMITED is less than half left. */
export type AvailabilityStatus = 'AVAILABLE' | 'FREESALE' | 'SOLD_OUT' | 'LIMITED' | 'CLOSED';

/** OCTO Availability. `productId` and `optionId` stand beside it in a payload, not in it. */
export interface AvailabilityDocument {
  readonly productId: string;
  readonly optionId: string;
  readonly id: string;
  readonly localDateTimeStart: string;
  readonly localDateTimeEnd: string;
  /** YYYY-MM-DDThh:mm:ssZ, to the second. */
  readonly utcCutoffAt: string;
  readonly allDay: boolean;
  /** Follows the clock: bookable by status and before the cut-off. */
  readonly available: boolean;
  readonly status: AvailabilityStatus;
  readonly vacancies: number | null;
  readonly capacity: number | null;
  readonly maxUnits: number | null;
  readonly openingHours: readonly { readonly from: string; readonly to: string }[];
  readonly title: Text | null;
  /** Absent where there is none: OCTO's may not be null. */
  readonly shortDescription?: Text;
  /** Where the product is priced per unit, and no units were asked about. */
  readonly unitPricing?: readonly (Pricing & { readonly unitId: string })[];
  /** What the units that were asked about cost together; where the product is priced per booking, what a booking costs. */
  readonly pricing?: Pricing;
}

/** OCTO BookingStatus and Ventrata's NOSHOW. */
export type BookingStatus =
  | 'ON_HOLD'
  | 'CONFIRMED'
  | 'EXPIRED'
  | 'CANCELLED'
  | 'REDEEMED'
  | 'PENDING'
  | 'REJECTED'
  | 'NOSHOW';

/** OCTO Ticket, also the shape of a voucher. */
export interface Ticket {
  readonly redemptionMethod: RedemptionMethod;
  readonly utcRedeemedAt: string | null;
  readonly deliveryOptions: readonly { readonly deliveryFormat: DeliveryFormat; readonly deliveryValue: string }[];
}

/** OCTO UnitItem: one ticket of a booking. */
export interface UnitItem {
  readonly uuid: string;
  readonly resellerReference: string | null;
  readonly supplierReference: string | null;
  readonly unitId: string;
  readonly unit: Unit;
  readonly status: BookingStatus;
  readonly utcRedeemedAt: string | null;
  readonly contact: Contact;
  readonly ticket: Ticket | null;
  /** Absent where the product is priced per booking: then a unit has no price of its own (OCTO). */
  readonly pricing?: Pricing;
}

/** OCTO Cancellation. */
export interface Cancellation {
  readonly refund: 'FULL' | 'PARTIAL' | 'NONE';
  readonly reason: string | null;
  readonly utcCancelledAt: string;
}

/**
 * OCTO Booking. Its product, option, unit and availability are snapshots of its last own change (a snapshot's vacancies
 * and capacity are null). `orderId`, `orderReference`, `primary` come with octo/cart; `emailReceipt`, `confirmable`,
 * `updatable`, `rejection`, `utcNoshowedAt` are Ventrata's.
 */
export interface BookingDocument {
  readonly id: string;
  readonly uuid: string;
  readonly orderId: string;
  readonly orderReference: string;
  readonly primary: boolean;
  readonly testMode: boolean;
  readonly resellerReference: string | null;
  readonly supplierReference: string | null;
  readonly status: BookingStatus;
  readonly utcCreatedAt: string;
  readonly utcUpdatedAt: string;
  readonly utcExpiresAt: string | null;
  readonly utcConfirmedAt: string | null;
  readonly utcRedeemedAt: string | null;
  readonly utcNoshowedAt: string | null;
  readonly productId: string;
  readonly product: ProductDocument;
  readonly optionId: string;
  readonly option: Option;
  /** Follow the clock: true while the status allows it and the cut-off has not passed. */
  readonly cancellable: boolean;
  readonly confirmable: boolean;
  readonly updatable: boolean;
  readonly cancellation: Cancellation | null;
  readonly rejection: { readonly reason: string | null; readonly utcRejectedAt: string } | null;
  readonly freesale: boolean;
  readonly availabilityId: string | null;
  readonly availability: Omit<AvailabilityDocument, 'productId' | 'optionId'> | null;
  readonly contact: Contact;
  readonly notes: string | null;
  readonly emailReceipt: boolean;
  readonly deliveryMethods: readonly DeliveryMethod[];
  readonly voucher: Ticket | null;
  readonly unitItems: readonly UnitItem[];
  readonly pricing: Pricing;
}

/**
 * Ventrata's Order (octo/cart). A booking that is cancelled is removed from it while others still count; the last ones stay,
 * CANCELLED like their order. `voucher` holds what lets the guests in: the delivery options of each booking's voucher, or of its
 * tickets, as long as it counts.
 */
export interface OrderDocument {
  readonly id: string;
  readonly testMode: boolean;
  readonly supplierReference: string;
  readonly settlementMethod: SettlementMethod;
  readonly settlementMethods: readonly SettlementMethod[];
  readonly status: 'ON_HOLD' | 'CONFIRMED' | 'CANCELLED' | 'EXPIRED' | 'PENDING';
  readonly utcCreatedAt: string;
  readonly utcUpdatedAt: string;
  readonly utcExpiresAt: string | null;
  readonly utcConfirmedAt: string | null;
  readonly cancellable: boolean;
  readonly confirmable: boolean;
  readonly updatable: boolean;
  /** What its bookings require of a contact, together; the visible ones are the same. */
  readonly requiredContactFields: readonly ContactField[];
  readonly visibleContactFields: readonly ContactField[];
  /** Its own, if it has one; else its primary booking's. */
  readonly contact: Contact;
  readonly emailReceipt: boolean;
  readonly bookings: readonly BookingDocument[];
  readonly voucher: Ticket | null;
  /** The oldest first. */
  readonly transactions: readonly Transaction[];
  readonly pricing: Pricing;
  readonly balance: Balance;
}

/** OCTO Supplier, with what the rest of Carillon needs to know of a tenant. */
export interface SupplierDocument {
  readonly id: string;
  readonly name: string;
  readonly contact: {
    readonly website: string | null;
    readonly email: string | null;
    readonly telephone: string | null;
    readonly address: string | null;
  };
  readonly shortDescription: Text | null;
  readonly media: readonly Media[];
}

/** The four event types, named as in Ventrata's webhooks. */
export const eventTypes = ['booking_update', 'order_update', 'availability_update', 'product_update'] as const;
/** One of the four event types. */
export type EventType = (typeof eventTypes)[number];

/** What each event type carries. */
export interface DocumentOf {
  booking_update: BookingDocument;
  order_update: OrderDocument;
  availability_update: AvailabilityDocument;
  product_update: ProductDocument;
}

/** Any document. */
export type AnyDocument = DocumentOf[EventType];

/** The key of the object in a payload. */
export const objectKeys = {
  booking_update: 'booking',
  order_update: 'order',
  availability_update: 'availability',
  product_update: 'product',
} as const satisfies Record<EventType, string>;
