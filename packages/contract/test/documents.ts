import type {
  AvailabilityDocument,
  BookingDocument,
  Contact,
  Content,
  Option,
  OrderDocument,
  Pricing,
  ProductDocument,
  SupplierDocument,
  Unit,
} from '@carillon/contract';

/** Documents with every field that a document can have: a field that is added has to be added here. */
type Whole<T> = { readonly [Key in keyof T]-?: T[Key] };

const text = (english: string, german: string) => ({ $text: { en: english, de: german } });

const pricing: Pricing = {
  original: 1_000,
  retail: 900,
  net: 700,
  currency: 'EUR',
  currencyPrecision: 2,
  includedTaxes: [],
};

const content: Whole<Content> = {
  title: text('Cruise', 'Rundfahrt'),
  shortDescription: text('An hour', 'Eine Stunde'),
  description: null,
  features: [{ type: 'INCLUSION', shortDescription: text('Coffee', 'Kaffee') }],
  faqs: [],
  media: [],
  locations: [],
  categoryLabels: [],
  durationMinutesFrom: 60,
  durationMinutesTo: null,
  commentary: [],
};

export const unit: Whole<Unit> = {
  id: 'unit',
  internalName: 'Adult',
  reference: null,
  type: 'ADULT',
  restrictions: {
    minAge: 0,
    maxAge: 99,
    idRequired: false,
    minQuantity: null,
    maxQuantity: null,
    paxCount: 1,
    accompaniedBy: [],
  },
  requiredContactFields: [],
  title: text('Adult', 'Erwachsene'),
  shortDescription: null,
  features: [],
  pricingFrom: [pricing],
  pricing: [pricing],
};

export const option: Whole<Option> = {
  ...content,
  id: 'option',
  default: true,
  internalName: 'Option',
  reference: null,
  availabilityLocalStartTimes: ['14:00'],
  cancellationCutoff: '1 day',
  cancellationCutoffAmount: 1,
  cancellationCutoffUnit: 'day',
  requiredContactFields: [],
  restrictions: { minUnits: 1, maxUnits: null },
  units: [unit],
  pricingFrom: [pricing],
  pricing: [pricing],
};

export const product: Whole<ProductDocument> = {
  ...content,
  id: 'product',
  internalName: 'Product',
  reference: null,
  locale: 'en',
  timeZone: 'Europe/Berlin',
  allowFreesale: false,
  instantConfirmation: true,
  instantDelivery: true,
  availabilityRequired: true,
  availabilityType: 'START_TIME',
  deliveryFormats: ['QRCODE'],
  deliveryMethods: ['VOUCHER'],
  redemptionMethod: 'DIGITAL',
  options: [option],
  defaultCurrency: 'EUR',
  availableCurrencies: ['EUR'],
  pricingPer: 'UNIT',
};

/** 10 June 2026, 14:00 to 15:30 in Hamburg, sold until 13:00, which is 11:00 UTC. */
export const availability: Whole<AvailabilityDocument> = {
  productId: 'product',
  optionId: 'option',
  id: '2026-06-10T14:00:00+02:00',
  localDateTimeStart: '2026-06-10T14:00:00+02:00',
  localDateTimeEnd: '2026-06-10T15:30:00+02:00',
  utcCutoffAt: '2026-06-10T11:00:00Z',
  allDay: false,
  available: true,
  status: 'AVAILABLE',
  vacancies: 10,
  capacity: 10,
  maxUnits: null,
  openingHours: [],
  title: text('Afternoon', 'Nachmittag'),
  shortDescription: null,
  unitPricing: [{ unitId: 'unit', ...pricing }],
  pricing,
};

const { productId: _productId, optionId: _optionId, ...bookedSlot } = availability;

const nobody: Whole<Contact> = {
  fullName: null,
  firstName: null,
  lastName: null,
  emailAddress: null,
  phoneNumber: null,
  locales: [],
  postalCode: null,
  country: null,
  notes: null,
  allowMarketing: false,
};

export const booking: Whole<BookingDocument> = {
  id: 'booking',
  uuid: 'uuid',
  orderId: 'order',
  orderReference: 'REF',
  primary: true,
  testMode: false,
  resellerReference: null,
  supplierReference: 'REF-1',
  status: 'ON_HOLD',
  utcCreatedAt: '2026-06-01T08:00:00.000Z',
  utcUpdatedAt: '2026-06-01T08:00:00.000Z',
  utcExpiresAt: '2026-06-01T08:30:00.000Z',
  utcConfirmedAt: null,
  utcRedeemedAt: null,
  utcNoshowedAt: null,
  productId: 'product',
  product,
  optionId: 'option',
  option,
  cancellable: true,
  confirmable: true,
  updatable: true,
  cancellation: null,
  rejection: null,
  freesale: false,
  availabilityId: availability.id,
  availability: bookedSlot,
  contact: nobody,
  notes: null,
  emailReceipt: false,
  deliveryMethods: ['VOUCHER'],
  voucher: null,
  unitItems: [
    {
      uuid: 'item',
      resellerReference: null,
      supplierReference: null,
      unitId: 'unit',
      unit,
      status: 'ON_HOLD',
      utcRedeemedAt: null,
      contact: nobody,
      ticket: null,
      pricing,
    },
  ],
  pricing,
};

export const order: Whole<OrderDocument> = {
  id: 'order',
  testMode: false,
  supplierReference: 'REF',
  settlementMethod: 'DIRECT',
  settlementMethods: ['DIRECT'],
  status: 'ON_HOLD',
  utcCreatedAt: booking.utcCreatedAt,
  utcUpdatedAt: booking.utcUpdatedAt,
  utcExpiresAt: booking.utcExpiresAt,
  utcConfirmedAt: null,
  cancellable: true,
  confirmable: true,
  updatable: true,
  requiredContactFields: [],
  visibleContactFields: [],
  contact: booking.contact,
  emailReceipt: false,
  bookings: [booking],
  voucher: null,
  transactions: [],
  pricing,
  balance: { paid: 0, refunded: 0, retained: 0, outstanding: 0, currency: 'EUR', currencyPrecision: 2 },
};

export const supplier: Whole<SupplierDocument> = {
  id: 'supplier',
  name: 'Elbe & Lantern',
  contact: { website: null, email: null, telephone: null, address: null },
  shortDescription: text('Boats', 'Boote'),
  media: [],
};
