import type {
  BookingDocument,
  Contact,
  Content,
  Option,
  OrderDocument,
  Pricing,
  ProductDocument,
  Text,
  Ticket,
  Unit,
  UnitItem,
} from '@carillon/contract';

const text = (en: string, de = en, es = en): Text => ({ $text: { en, de, es } });

export const contact: Contact = {
  fullName: 'Ada Lovelace',
  firstName: 'Ada',
  lastName: 'Lovelace',
  emailAddress: 'ada@example.com',
  phoneNumber: null,
  locales: ['en'],
  postalCode: null,
  country: null,
  notes: null,
  allowMarketing: false,
};

export const pricing = (retail: number, currency = 'EUR'): Pricing => ({
  original: retail,
  retail,
  net: null,
  currency,
  currencyPrecision: 2,
  includedTaxes: [],
});

const content = (title: Text): Content => ({
  title,
  shortDescription: null,
  description: null,
  features: [],
  faqs: [],
  media: [],
  locations: [],
  categoryLabels: [],
  durationMinutesFrom: 90,
  durationMinutesTo: null,
  commentary: [],
});

const unit = (id: string, title: Text): Unit => ({
  id,
  internalName: id,
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
  title,
  features: [],
});

const adult = unit('adult', text('Adult', 'Erwachsene', 'Adulto'));
const child = unit('child', text('Child', 'Kind', 'Niño'));

const nowhereElse = {
  googlePlaceId: null,
  applePlaceId: null,
  tripadvisorLocationId: null,
  yelpPlaceId: null,
  facebookPlaceId: null,
  foursquarePlaceId: null,
  baiduPlaceId: null,
  amapPlaceId: null,
};

export const pier = {
  title: text('Pier 4', 'Anleger 4', 'Muelle 4'),
  shortDescription: text('Look for the blue flag', 'An der blauen Flagge', 'Busque la bandera azul'),
  types: ['START'] as const,
  minutesTo: null,
  minutesAt: null,
  place: {
    latitude: 53.5436,
    longitude: 9.9667,
    postalAddress: {
      streetAddress: 'Landungsbrücken 4',
      addressLocality: 'Hamburg',
      addressRegion: null,
      postalCode: '20359',
      addressCountry: 'DE',
      postOfficeBoxNumber: null,
    },
    identifiers: nowhereElse,
    sameAs: [],
  },
};

const option = (id: string, title: Text): Option => ({
  ...content(title),
  id,
  default: true,
  internalName: id,
  reference: null,
  availabilityLocalStartTimes: ['10:00', '14:00'],
  cancellationCutoff: '24 hours',
  cancellationCutoffAmount: 24,
  cancellationCutoffUnit: 'hour',
  requiredContactFields: [],
  restrictions: { minUnits: 1, maxUnits: null },
  units: [adult, child],
});

export const cruise: ProductDocument = {
  ...content(text('Harbour cruise', 'Hafenrundfahrt', 'Crucero por el puerto')),
  features: [
    {
      type: 'PREARRIVAL_INFORMATION',
      shortDescription: text(
        'Please be there 15 minutes early.',
        'Bitte 15 Minuten vorher da sein.',
        'Llegue 15 minutos antes.',
      ),
    },
  ],
  locations: [pier],
  id: 'cruise',
  internalName: 'cruise',
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
  options: [
    option('default', text('Classic', 'Klassisch', 'Clásico')),
    option('sunset', text('At sunset', 'Bei Sonnenuntergang')),
  ],
  defaultCurrency: 'EUR',
  availableCurrencies: ['EUR'],
  pricingPer: 'UNIT',
};

export const museum: ProductDocument = {
  ...cruise,
  ...content(text('Maritime museum', 'Schifffahrtsmuseum', 'Museo marítimo')),
  id: 'museum',
  internalName: 'museum',
  availabilityType: 'OPENING_HOURS',
  options: [option('default', text('Maritime museum', 'Schifffahrtsmuseum', 'Museo marítimo'))],
};

export const ticket = (value: string): Ticket => ({
  redemptionMethod: 'DIGITAL',
  utcRedeemedAt: null,
  deliveryOptions: [{ deliveryFormat: 'QRCODE', deliveryValue: value }],
});

export const unitItem = (uuid: string, of: Unit = adult): UnitItem => ({
  uuid,
  resellerReference: null,
  supplierReference: null,
  unitId: of.id,
  unit: of,
  status: 'CONFIRMED',
  utcRedeemedAt: null,
  contact: { ...contact, emailAddress: null },
  ticket: null,
  pricing: pricing(2500),
});

/** A slot of ninety minutes that starts at this local time with its offset. */
export function slot(start: string): NonNullable<BookingDocument['availability']> {
  const offset = start.slice(19);
  const end = new Date(Date.parse(`${start.slice(0, 19)}Z`) + 90 * 60_000).toISOString().slice(0, 19);
  return {
    id: start,
    localDateTimeStart: start,
    localDateTimeEnd: `${end}${offset}`,
    utcCutoffAt: start,
    allDay: false,
    available: true,
    status: 'AVAILABLE',
    vacancies: null,
    capacity: null,
    maxUnits: null,
    openingHours: [],
    title: null,
  };
}

/** A day of opening hours. */
export function day(date: string, offset = '+01:00'): NonNullable<BookingDocument['availability']> {
  return {
    ...slot(`${date}T00:00:00${offset}`),
    localDateTimeEnd: `${date}T23:59:59${offset}`,
    allDay: true,
    openingHours: [{ from: '09:00', to: '17:30' }],
  };
}

/** A booking of two adults and a child for the harbour cruise, held unless told otherwise. */
export function booking(changes: Partial<BookingDocument> = {}): BookingDocument {
  const uuid = changes.uuid ?? '0b0b0b0b-0000-4000-8000-000000000001';
  const availability = changes.availability === undefined ? slot('2026-12-05T14:00:00+01:00') : changes.availability;
  return {
    id: `id-${uuid}`,
    uuid,
    orderId: 'order-1',
    orderReference: 'O-1001',
    primary: true,
    testMode: false,
    resellerReference: null,
    supplierReference: 'HT-4711',
    status: 'ON_HOLD',
    utcCreatedAt: '2026-11-01T10:00:00Z',
    utcUpdatedAt: '2026-11-01T10:00:00Z',
    utcExpiresAt: null,
    utcConfirmedAt: null,
    utcRedeemedAt: null,
    utcNoshowedAt: null,
    productId: (changes.product ?? cruise).id,
    product: cruise,
    optionId: 'default',
    option: (changes.product ?? cruise).options[0]!,
    cancellable: true,
    confirmable: true,
    updatable: true,
    cancellation: null,
    rejection: null,
    freesale: false,
    availabilityId: availability?.id ?? null,
    contact,
    notes: null,
    emailReceipt: false,
    deliveryMethods: ['VOUCHER'],
    voucher: ticket(`V-${uuid.slice(-4)}`),
    unitItems: [unitItem(`${uuid}-1`), unitItem(`${uuid}-2`), unitItem(`${uuid}-3`, child)],
    pricing: pricing(6500),
    ...changes,
    availability,
  };
}

/** The order of these bookings. */
export function order(bookings: readonly BookingDocument[], changes: Partial<OrderDocument> = {}): OrderDocument {
  const first = bookings[0]!;
  return {
    id: first.orderId,
    testMode: first.testMode,
    supplierReference: first.orderReference,
    settlementMethod: 'DIRECT',
    settlementMethods: ['DIRECT'],
    status: 'ON_HOLD',
    utcCreatedAt: first.utcCreatedAt,
    utcUpdatedAt: first.utcUpdatedAt,
    utcExpiresAt: null,
    utcConfirmedAt: null,
    cancellable: true,
    confirmable: true,
    updatable: true,
    requiredContactFields: [],
    visibleContactFields: [],
    contact: first.contact,
    emailReceipt: first.emailReceipt,
    bookings,
    voucher: null,
    transactions: [],
    pricing: first.pricing,
    balance: { paid: 0, refunded: 0, retained: 0, outstanding: 0, currency: 'EUR', currencyPrecision: 2 },
    ...changes,
  };
}
