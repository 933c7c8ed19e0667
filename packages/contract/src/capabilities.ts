import type {
  AvailabilityDocument,
  BookingDocument,
  Content,
  EventType,
  Option,
  OrderDocument,
  ProductDocument,
  SupplierDocument,
  Unit,
  UnitItem,
} from './document.ts';

/** The capabilities that are known here. OCTO writes `octo/pricing`; docs.octo.travel the bare `pricing`: both are taken. */
export const capabilityIds = [
  'octo/pricing',
  'octo/content',
  'octo/cart',
  'octo/webhooks',
  'octo/notifications',
] as const;
/** The id of a capability. */
export type CapabilityId = (typeof capabilityIds)[number];

/** What a field of a document is to a view; a field that is not in the table is in every view. */
export interface Field {
  /** Shown only to those who asked for the capability. */
  readonly capability?: CapabilityId;
  /** Follows the clock: worked out anew whenever it is shown, and no part of a diff. */
  readonly clock?: true;
  /** Stands beside the object in a payload, not in it. */
  readonly beside?: true;
  /** The shape of the object, or of each element of the array, that the field holds. */
  readonly shape?: Shape;
}
/** The fields of an object that need a rule, by name. */
export type Shape = ReadonlyMap<string, Field>;

type Fields<T> = { readonly [Key in keyof T]?: Field };

/** The shape of a `T`, by the names of its fields. */
export function shapeOf<T>(fields: Fields<T>): Shape {
  return new Map(Object.entries<Field>(fields as Record<string, Field>));
}

const content = { capability: 'octo/content' } as const;
const pricing = { capability: 'octo/pricing' } as const;
const cart = { capability: 'octo/cart' } as const;
const clock = { clock: true } as const;

/** OCTO core: what octo/content adds to a product and to an option. */
const contentFields = {
  title: content,
  shortDescription: content,
  description: content,
  features: content,
  faqs: content,
  media: content,
  locations: content,
  categoryLabels: content,
  durationMinutesFrom: content,
  durationMinutesTo: content,
  commentary: content,
} satisfies Required<Fields<Content>>;

/** OCTO core: what octo/content adds to the restrictions of a unit. */
const restrictions = shapeOf<Unit['restrictions']>({
  minHeight: content,
  maxHeight: content,
  heightUnit: content,
  minWeight: content,
  maxWeight: content,
  weightUnit: content,
});

const unit = shapeOf<Unit>({
  restrictions: { shape: restrictions },
  title: content,
  shortDescription: content,
  features: content,
  pricingFrom: pricing,
  pricing,
});

const option = shapeOf<Option>({
  ...contentFields,
  cancellationPolicy: pricing,
  pricingFrom: pricing,
  pricing,
  units: { shape: unit },
});

const product = shapeOf<ProductDocument>({
  ...contentFields,
  defaultCurrency: pricing,
  availableCurrencies: pricing,
  pricingPer: pricing,
  options: { shape: option },
});

const availabilityFields = {
  available: clock,
  title: content,
  shortDescription: content,
  unitPricing: pricing,
  pricing,
} satisfies Fields<AvailabilityDocument>;
const availability = shapeOf<AvailabilityDocument>({
  productId: { beside: true },
  optionId: { beside: true },
  ...availabilityFields,
});

const unitItem = shapeOf<UnitItem>({ unit: { shape: unit }, pricing });

const booking = shapeOf<BookingDocument>({
  orderId: cart,
  orderReference: cart,
  primary: cart,
  cancellable: clock,
  confirmable: clock,
  updatable: clock,
  product: { shape: product },
  option: { shape: option },
  availability: { shape: shapeOf<BookingDocument['availability'] & object>(availabilityFields) },
  unitItems: { shape: unitItem },
  pricing,
});

const order = shapeOf<OrderDocument>({
  cancellable: clock,
  confirmable: clock,
  updatable: clock,
  bookings: { shape: booking },
  // Not with octo/pricing: an order_update, which always has octo/cart, is sent when a transaction is added (Ventrata's help article).
  transactions: cart,
  pricing,
  balance: pricing,
});

/** OCTO Supplier: `shortDescription` and `media` come with octo/content. */
export const supplierShape: Shape = shapeOf<SupplierDocument>({
  shortDescription: content,
  media: content,
});

/** The capability table: which capability governs which field of which document. Serialisation, views and validation read it. */
export const shapes: Readonly<Record<EventType, Shape>> = {
  booking_update: booking,
  order_update: order,
  availability_update: availability,
  product_update: product,
};

function governs(shape: Shape, id: CapabilityId): boolean {
  return [...shape.values()].some(
    (field) => field.capability === id || (field.shape !== undefined && governs(field.shape, id)),
  );
}

/** The capabilities that govern fields; the others are of calls alone. */
export const fieldCapabilityIds: readonly CapabilityId[] = capabilityIds.filter((id) =>
  [supplierShape, ...Object.values(shapes)].some((shape) => governs(shape, id)),
);

/** A capability id in its canonical form (`pricing` → `octo/pricing`), or undefined when it is none of ours. */
export function canonicalCapability(id: string): CapabilityId | undefined {
  const trimmed = id.trim().toLowerCase();
  const full = trimmed.includes('/') ? trimmed : `octo/${trimmed}`;
  return capabilityIds.find((known) => known === full);
}
