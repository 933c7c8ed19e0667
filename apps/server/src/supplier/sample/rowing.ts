import type { Content } from '@carillon/contract';
import type { ProductDefinition } from '../catalogue/definition.ts';
import { allYear, everyDay, feature, inHamburg, text } from './text.ts';
import { unit } from './units.ts';

const content: Content = {
  title: text('Canals by Lantern Light', 'Fleete im Laternenschein', 'Canales a la luz de los faroles'),
  shortDescription: text(
    'An evening in a rowing boat for ten, by the light of lanterns.',
    'Ein Abend im Ruderboot für zehn, im Schein der Laternen.',
    'Una tarde en una barca de remos para diez, a la luz de los faroles.',
  ),
  description: text(
    'Two of us row, you lean back: under the low bridges of the warehouse quarter, where no motor boat goes, with tea, ' +
      'blankets and stories of smugglers and merchants. Small enough that everybody hears, quiet enough to hear the water.',
    'Zwei von uns rudern, Sie lehnen sich zurück: unter den niedrigen Brücken der Speicherstadt, wohin kein Motorboot kommt, ' +
      'mit Tee, Decken und Geschichten von Schmugglern und Kaufleuten. Klein genug, dass alle zuhören, leise genug für das Wasser.',
    'Dos de nosotros reman y usted se recuesta: bajo los puentes bajos del barrio de los almacenes, adonde no llega ninguna ' +
      'lancha, con té, mantas e historias de contrabandistas y mercaderes. Un grupo pequeño, y tan callado que se oye el agua.',
  ),
  features: [
    feature('INCLUSION', 'Tea and blankets', 'Tee und Decken', 'Té y mantas'),
    feature('INCLUSION', 'Life jackets', 'Schwimmwesten', 'Chalecos salvavidas'),
    feature('HIGHLIGHT', 'Ten guests at most', 'Höchstens zehn Gäste', 'Diez personas como máximo'),
    feature(
      'PREARRIVAL_INFORMATION',
      'Please wear warm clothes and flat shoes.',
      'Bitte tragen Sie warme Kleidung und flache Schuhe.',
      'Por favor, traiga ropa de abrigo y calzado plano.',
    ),
  ],
  faqs: [],
  media: [],
  locations: [
    {
      title: text('Lantern steps', 'Laternentreppe', 'Escalera de los faroles'),
      shortDescription: text(
        'Down the stone steps beside the swing bridge.',
        'Die Steintreppe neben der Drehbrücke hinunter.',
        'Bajando la escalera de piedra junto al puente giratorio.',
      ),
      types: ['START'],
      minutesTo: null,
      minutesAt: null,
      place: {
        latitude: 53.5441,
        longitude: 9.9923,
        ...inHamburg('Laternenfleet 1', '20457'),
      },
    },
  ],
  categoryLabels: ['boat-tours', 'small-group-tours'],
  durationMinutesFrom: 75,
  durationMinutesTo: null,
  commentary: [
    { format: 'IN_PERSON', language: 'en' },
    { format: 'IN_PERSON', language: 'de' },
    { format: 'IN_PERSON', language: 'es' },
  ],
};

/** START_TIME with ten places. Every Thursday the late boat is chartered: there is always a departure soon that is sold out. */
export const rowing: ProductDefinition = {
  id: 'c3000000-0000-4000-8000-000000000001',
  internalName: 'Canals by Lantern Light',
  reference: 'ROWING',
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
  availableCurrencies: ['EUR'],
  taxes: [{ name: 'VAT', percent: 19 }],
  options: [
    {
      id: 'c3000000-0000-4000-8000-000000000002',
      default: true,
      internalName: 'Ten-seat boat',
      reference: 'TEN',
      cancellationCutoffAmount: 2,
      cancellationCutoffUnit: 'hour',
      requiredContactFields: ['firstName', 'lastName', 'emailAddress'],
      restrictions: { minUnits: 1, maxUnits: 10 },
      ...content,
      title: text('Ten-seat boat', 'Boot für zehn', 'Barca de diez plazas'),
      features: [],
      schedule: {
        type: 'START_TIME',
        startTimes: ['18:00', '20:00'],
        durationMinutes: 75,
        weekdays: everyDay,
        capacity: 10,
        season: allYear,
      },
      capacities: [{ weekdays: [4], startTimes: ['20:00'], season: allYear, capacity: 0 }],
      bookingCutoffMinutes: 120,
      units: [
        unit('c3000000-0000-4000-8000-000000000011', 'ADULT', 4_500),
        unit('c3000000-0000-4000-8000-000000000012', 'CHILD', 2_500),
      ],
    },
  ],
};
