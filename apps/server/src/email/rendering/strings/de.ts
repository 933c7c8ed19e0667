import type { Strings } from './strings.ts';

/** German. */
export const de: Strings = {
  language: 'de',
  occasions: {
    confirmed: {
      heading: { one: 'Ihre Buchung ist bestätigt', other: 'Ihre Buchungen sind bestätigt' },
      intro:
        'Vielen Dank für Ihre Buchung. Hier finden Sie alles, was Sie brauchen; bitte halten Sie diese E-Mail bereit.',
      status: 'Bestätigt',
    },
    cancelled: {
      heading: { one: 'Ihre Buchung ist storniert', other: 'Ihre Buchungen sind storniert' },
      intro: 'Stornierte Buchungen und ihre Tickets sind nicht mehr gültig.',
      status: 'Storniert',
    },
    rescheduled: {
      heading: { one: 'Ihre Buchung hat einen neuen Termin', other: 'Ihre Buchungen haben neue Termine' },
      intro: 'Bitte beachten Sie den neuen Termin.',
      status: 'Neuer Termin',
    },
    updated: {
      heading: { one: 'Ihre Buchung wurde geändert', other: 'Ihre Buchungen wurden geändert' },
      intro: 'Das ist jetzt anders.',
      status: 'Geändert',
    },
    expired: {
      heading: {
        one: 'Ihre Buchung ist noch nicht abgeschlossen',
        other: 'Ihre Buchungen sind noch nicht abgeschlossen',
      },
      intro:
        'Wir hatten einen Platz für Sie reserviert, aber die Buchung wurde nicht rechtzeitig abgeschlossen. Sie können dort weitermachen, wo Sie aufgehört haben.',
      status: 'Nicht gebucht',
    },
  },
  newTickets: 'Die Tickets in dieser E-Mail ersetzen die früheren.',
  greeting: 'Guten Tag {name},',
  greetingUnnamed: 'Guten Tag,',
  date: 'Datum',
  time: 'Uhrzeit',
  hours: 'Öffnungszeiten',
  openDate: 'Datum frei wählbar',
  tickets: 'Tickets',
  price: 'Preis',
  total: 'Gesamt',
  reference: 'Buchungsnummer',
  option: 'Option',
  product: 'Produkt',
  meetingPoint: 'Treffpunkt',
  pickup: 'Abholung',
  openMap: 'Karte öffnen',
  whatChanged: 'Was sich geändert hat',
  was: 'bisher',
  none: 'keine Angabe',
  showCode: 'Zeigen Sie diesen Code bei der Ankunft vor',
  code: 'Code',
  downloadTicket: 'Ticket herunterladen',
  addToWallet: 'Zu Wallet hinzufügen',
  rest: 'Alles Weitere steht in der angehängten Datei.',
  goodToKnow: 'Gut zu wissen',
  refund: {
    FULL: 'Sie erhalten den vollen Preis zurück.',
    PARTIAL: 'Sie erhalten einen Teil des Preises zurück.',
    NONE: 'Der Preis wird nicht erstattet.',
  },
  reason: 'Grund',
  bookAgain: 'Buchung abschließen',
  calendar: 'Für Ihren Kalender: siehe Anhang.',
  questions: 'Fragen? Wir helfen gern:',
  why: 'Sie erhalten diese E-Mail, weil mit Ihrer Adresse bei {supplier} gebucht wurde.',
  whyHeld:
    'Sie erhalten diese E-Mail, weil bei {supplier} ein Platz mit Ihrer Adresse reserviert war und Sie Nachrichten zugestimmt haben.',
};
