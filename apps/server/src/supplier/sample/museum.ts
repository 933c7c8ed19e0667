import type { Content } from '@carillon/contract';
import type { ProductDefinition } from '../catalogue/definition.ts';
import { allYear, everyDay, feature, inHamburg, text } from './text.ts';
import { unit } from './units.ts';

const content: Content = {
  title: text('Museum of the Tides', 'Museum der Gezeiten', 'Museo de las Mareas'),
  shortDescription: text(
    'Day ticket to three floors of seafaring, storms and salt.',
    'Tageskarte für drei Etagen Seefahrt, Sturm und Salz.',
    'Entrada de un día para tres plantas de navegación, tormentas y sal.',
  ),
  description: text(
    'Steer a container ship in the simulator, walk through a storm tide as the city saw it, and look into the workshop ' +
      'where old ship models are restored. Come and go as you like on the day of your visit.',
    'Steuern Sie ein Containerschiff im Simulator, gehen Sie durch eine Sturmflut, wie die Stadt sie erlebte, und schauen ' +
      'Sie in die Werkstatt, in der alte Schiffsmodelle restauriert werden. Am Besuchstag kommen und gehen Sie, wie Sie mögen.',
    'Gobierne un portacontenedores en el simulador, recorra una marea de tempestad como la vivió la ciudad y asómese al ' +
      'taller donde se restauran maquetas antiguas. El día de su visita puede entrar y salir cuando quiera.',
  ),
  features: [
    feature('INCLUSION', 'All exhibitions', 'Alle Ausstellungen', 'Todas las exposiciones'),
    feature('INCLUSION', 'Audio guide', 'Audioguide', 'Audioguía'),
    feature('HIGHLIGHT', 'Ship simulator', 'Schiffssimulator', 'Simulador de barco'),
    feature(
      'ACCESSIBILITY_INFORMATION',
      'Every floor can be reached by lift.',
      'Alle Etagen sind mit dem Aufzug erreichbar.',
      'Se llega a todas las plantas en ascensor.',
    ),
    feature(
      'REDEMPTION_INSTRUCTION',
      'Show each ticket at the entrance.',
      'Zeigen Sie jede Karte am Eingang vor.',
      'Muestre cada entrada en el acceso.',
    ),
  ],
  faqs: [],
  media: [],
  locations: [
    {
      title: text('Main entrance', 'Haupteingang', 'Entrada principal'),
      shortDescription: text(
        'On the canal side, next to the old crane.',
        'Auf der Kanalseite neben dem alten Kran.',
        'En el lado del canal, junto a la antigua grúa.',
      ),
      types: ['START'],
      minutesTo: null,
      minutesAt: null,
      place: {
        latitude: 53.5436,
        longitude: 9.9989,
        ...inHamburg('Gezeitenhof 2', '20457'),
      },
    },
  ],
  categoryLabels: ['museums'],
  durationMinutesFrom: 120,
  durationMinutesTo: 240,
  commentary: [
    { format: 'RECORDED_AUDIO', language: 'en' },
    { format: 'RECORDED_AUDIO', language: 'de' },
    { format: 'RECORDED_AUDIO', language: 'es' },
  ],
};

/** OPENING_HOURS: a day ticket, one ticket for each guest. */
export const museum: ProductDefinition = {
  id: 'c2000000-0000-4000-8000-000000000001',
  internalName: 'Museum of the Tides',
  reference: 'MUSEUM',
  locale: 'en',
  timeZone: 'Europe/Berlin',
  allowFreesale: false,
  instantConfirmation: true,
  instantDelivery: true,
  availabilityRequired: true,
  availabilityType: 'OPENING_HOURS',
  deliveryFormats: ['QRCODE'],
  deliveryMethods: ['TICKET'],
  redemptionMethod: 'DIGITAL',
  ...content,
  defaultCurrency: 'EUR',
  availableCurrencies: ['EUR'],
  taxes: [{ name: 'VAT', percent: 7 }],
  options: [
    {
      id: 'c2000000-0000-4000-8000-000000000002',
      default: true,
      internalName: 'Day ticket',
      reference: 'DAY',
      cancellationCutoffAmount: 1,
      cancellationCutoffUnit: 'hour',
      requiredContactFields: ['firstName', 'lastName', 'emailAddress'],
      restrictions: { minUnits: 1, maxUnits: 10 },
      ...content,
      title: text('Day ticket', 'Tageskarte', 'Entrada de un día'),
      features: [],
      schedule: {
        type: 'OPENING_HOURS',
        hours: [
          { weekdays: everyDay.filter((day) => day !== 4), from: '09:00', to: '18:00' },
          { weekdays: [4], from: '09:00', to: '21:00' },
        ],
        capacity: 2_000,
        season: allYear,
      },
      bookingCutoffMinutes: 60,
      units: [
        unit('c2000000-0000-4000-8000-000000000011', 'ADULT', 1_700),
        unit('c2000000-0000-4000-8000-000000000012', 'CHILD', 900),
        unit('c2000000-0000-4000-8000-000000000013', 'SENIOR', 1_300),
      ],
    },
  ],
};
