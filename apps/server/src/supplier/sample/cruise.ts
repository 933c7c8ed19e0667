import type { Content } from '@carillon/contract';
import type { ProductDefinition } from '../catalogue/definition.ts';
import { allYear, everyDay, feature, inHamburg, text } from './text.ts';
import { unit } from './units.ts';

const content: Content = {
  title: text('Great Harbour Cruise', 'Große Hafenrundfahrt', 'Gran crucero por el puerto'),
  shortDescription: text(
    'Ninety minutes among container giants, historic locks and the warehouse quarter.',
    'Neunzig Minuten zwischen Containerriesen, alten Schleusen und der Speicherstadt.',
    'Noventa minutos entre gigantes portacontenedores, esclusas históricas y el barrio de los almacenes.',
  ),
  description: text(
    'Our salon ship takes you past the landing stages, under the Köhlbrand bridge and close to the largest ships in the ' +
      'world. The captain tells what is going on in the harbour today; at high tide we also pass through the canals of ' +
      'the warehouse quarter. Drinks and snacks are sold on board.',
    'Unser Salonschiff bringt Sie an den Landungsbrücken vorbei, unter der Köhlbrandbrücke hindurch und nah an die ' +
      'größten Schiffe der Welt. Der Kapitän erzählt, was heute im Hafen los ist; bei Hochwasser fahren wir auch durch ' +
      'die Fleete der Speicherstadt. Getränke und Snacks gibt es an Bord zu kaufen.',
    'Nuestro barco salón le lleva junto a los embarcaderos, bajo el puente Köhlbrand y cerca de los barcos más grandes ' +
      'del mundo. El capitán cuenta lo que ocurre hoy en el puerto; con marea alta pasamos también por los canales del ' +
      'barrio de los almacenes. A bordo se venden bebidas y aperitivos.',
  ),
  features: [
    feature('INCLUSION', 'Live commentary', 'Live-Moderation', 'Comentario en directo'),
    feature('INCLUSION', 'Seat on deck or below', 'Sitzplatz an oder unter Deck', 'Asiento en cubierta o en el salón'),
    feature('EXCLUSION', 'Food and drinks', 'Speisen und Getränke', 'Comida y bebida'),
    feature(
      'HIGHLIGHT',
      'Alongside the container terminals',
      'Entlang der Containerterminals',
      'Junto a las terminales de contenedores',
    ),
    feature(
      'PREARRIVAL_INFORMATION',
      'Please be at the pier 15 minutes before departure.',
      'Bitte seien Sie 15 Minuten vor Abfahrt am Anleger.',
      'Por favor, esté en el muelle 15 minutos antes de la salida.',
    ),
    feature(
      'CANCELLATION_TERM',
      'Free of charge until one hour before departure.',
      'Kostenfrei bis eine Stunde vor Abfahrt.',
      'Gratis hasta una hora antes de la salida.',
    ),
  ],
  faqs: [
    {
      question: text('Can I bring a pram?', 'Kann ich einen Kinderwagen mitbringen?', '¿Puedo llevar un cochecito?'),
      answer: text(
        'Yes, there is room on the main deck.',
        'Ja, auf dem Hauptdeck ist Platz.',
        'Sí, hay sitio en cubierta.',
      ),
    },
  ],
  media: [],
  locations: [
    {
      title: text('Pier 4', 'Brücke 4', 'Muelle 4'),
      shortDescription: text(
        'Meet us at the blue flag at the head of the pier.',
        'Wir treffen uns an der blauen Fahne am Kopf der Brücke.',
        'Nos encontramos junto a la bandera azul al principio del muelle.',
      ),
      types: ['START'],
      minutesTo: null,
      minutesAt: null,
      place: {
        latitude: 53.5455,
        longitude: 9.9695,
        ...inHamburg('Lotsenkai, Brücke 4', '20359'),
      },
    },
  ],
  categoryLabels: ['boat-tours', 'guided-tours'],
  durationMinutesFrom: 90,
  durationMinutesTo: null,
  commentary: [
    { format: 'IN_PERSON', language: 'de' },
    { format: 'IN_PERSON', language: 'en' },
  ],
};

/** START_TIME, with room for everybody: four departures a day. */
export const cruise: ProductDefinition = {
  id: 'c1000000-0000-4000-8000-000000000001',
  internalName: 'Great Harbour Cruise',
  reference: 'CRUISE',
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
      id: 'c1000000-0000-4000-8000-000000000002',
      default: true,
      internalName: 'Salon ship',
      reference: 'SALON',
      cancellationCutoffAmount: 1,
      cancellationCutoffUnit: 'hour',
      requiredContactFields: ['firstName', 'lastName', 'emailAddress'],
      restrictions: { minUnits: 1, maxUnits: 8 },
      ...content,
      title: text('Salon ship', 'Salonschiff', 'Barco salón'),
      features: [],
      faqs: [],
      schedule: {
        type: 'START_TIME',
        startTimes: ['10:00', '12:00', '14:00', '16:00'],
        durationMinutes: 90,
        weekdays: everyDay,
        capacity: 2_000,
        season: allYear,
      },
      bookingCutoffMinutes: 60,
      units: [
        unit('c1000000-0000-4000-8000-000000000011', 'ADULT', 2_900),
        unit('c1000000-0000-4000-8000-000000000012', 'CHILD', 1_500),
      ],
    },
  ],
};
