import type { Content } from '@carillon/contract';
import type { ProductDefinition } from '../catalogue/definition.ts';
import { allYear, everyDay, feature, inHamburg, text } from './text.ts';
import { unit } from './units.ts';

const content: Content = {
  title: text('The Smuggler’s Riddle', 'Das Rätsel des Schmugglers', 'El enigma del contrabandista'),
  shortDescription: text(
    'A riddle through the warehouse quarter for your team, at one price.',
    'Ein Rätsel durch die Speicherstadt für Ihr Team, zu einem Preis.',
    'Un enigma por el barrio de los almacenes para su equipo, a un solo precio.',
  ),
  description: text(
    'Pick up the chest at our office, and follow the clues of a captain who never paid duty: across bridges, along the ' +
      'canals, up one stairway and down another. Two hours for quick minds, an afternoon for those who stop for cake.',
    'Holen Sie die Kiste in unserem Büro ab und folgen Sie den Spuren eines Kapitäns, der niemals Zoll bezahlte: über ' +
      'Brücken, an Fleeten entlang, eine Treppe hinauf und die andere hinunter. Zwei Stunden für Schnelle, ein Nachmittag mit Kuchen.',
    'Recoja el cofre en nuestra oficina y siga las pistas de un capitán que nunca pagó aduana: por puentes y canales, ' +
      'subiendo una escalera y bajando otra. Dos horas para mentes ágiles, una tarde si se paran a tomar un pastel.',
  ),
  features: [
    feature('INCLUSION', 'Chest with clues and map', 'Kiste mit Hinweisen und Karte', 'Cofre con pistas y mapa'),
    feature('EXCLUSION', 'Cake', 'Kuchen', 'Pastel'),
    feature(
      'ADDITIONAL_INFORMATION',
      'One price for the whole team, up to eight.',
      'Ein Preis für das ganze Team, bis zu acht.',
      'Un precio para todo el equipo, hasta ocho personas.',
    ),
  ],
  faqs: [],
  media: [],
  locations: [
    {
      title: text('Our office', 'Unser Büro', 'Nuestra oficina'),
      shortDescription: text('Ring at the brass bell.', 'An der Messingglocke läuten.', 'Toque la campana de latón.'),
      types: ['START', 'REDEMPTION'],
      minutesTo: null,
      minutesAt: 10,
      place: { latitude: 53.5452, longitude: 9.9701, ...inHamburg('Lotsenkai 7', '20457') },
    },
  ],
  categoryLabels: ['self-guided', 'walking-tours', 'family-friendly'],
  durationMinutesFrom: 120,
  durationMinutesTo: 240,
  commentary: [
    { format: 'WRITTEN', language: 'en' },
    { format: 'WRITTEN', language: 'de' },
    { format: 'WRITTEN', language: 'es' },
  ],
};

/** START_TIME, with room for everybody and priced per booking, in three currencies. */
export const riddle: ProductDefinition = {
  id: 'c4000000-0000-4000-8000-000000000001',
  internalName: 'The Smuggler’s Riddle',
  reference: 'RIDDLE',
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
  ...content,
  defaultCurrency: 'EUR',
  availableCurrencies: ['EUR', 'GBP', 'USD'],
  pricingPer: 'BOOKING',
  taxes: [{ name: 'VAT', percent: 19 }],
  options: [
    {
      id: 'c4000000-0000-4000-8000-000000000002',
      default: true,
      internalName: 'Team of up to eight',
      reference: 'TEAM',
      cancellationCutoffAmount: 1,
      cancellationCutoffUnit: 'hour',
      requiredContactFields: ['firstName', 'lastName', 'emailAddress'],
      restrictions: { minUnits: 1, maxUnits: 8 },
      ...content,
      title: text('Team of up to eight', 'Team bis acht Personen', 'Equipo de hasta ocho'),
      features: [],
      schedule: {
        type: 'START_TIME',
        startTimes: ['10:00', '13:00', '16:00'],
        durationMinutes: 180,
        weekdays: everyDay,
        capacity: 1_000,
        season: allYear,
      },
      slotContent: {
        title: null,
        shortDescription: text(
          'Bring the chest back three hours later.',
          'Die Kiste kommt drei Stunden später zurück.',
          'Devuelva el cofre tres horas después.',
        ),
      },
      bookingCutoffMinutes: 60,
      prices: [
        { currency: 'EUR', original: 5_900, retail: 5_900, net: 4_720 },
        { currency: 'GBP', original: 4_900, retail: 4_900, net: 3_920 },
        { currency: 'USD', original: 6_500, retail: 6_500, net: 5_200 },
      ],
      units: [
        unit('c4000000-0000-4000-8000-000000000011', 'ADULT', null),
        unit('c4000000-0000-4000-8000-000000000012', 'CHILD', null),
      ],
    },
  ],
};
