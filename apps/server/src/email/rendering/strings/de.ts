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
    refunded: {
      heading: { one: 'Ihre Erstattung', other: 'Ihre Erstattung' },
      intro: 'Wir haben Ihnen Geld für Ihre Buchung erstattet.',
      status: 'Erstattet',
    },
    tickets_changed: {
      heading: { one: 'Ihre Tickets haben sich geändert', other: 'Ihre Tickets haben sich geändert' },
      intro: 'Bitte verwenden Sie ab jetzt die Tickets in dieser E-Mail.',
      status: 'Neue Tickets',
    },
    contact_changed: {
      heading: { one: 'Ihre Buchung ist bestätigt', other: 'Ihre Buchungen sind bestätigt' },
      intro:
        'Ihre Kontaktdaten wurden geändert. Hier ist alles, was Sie brauchen; bitte halten Sie diese E-Mail bereit.',
      status: 'Bestätigt',
    },
    paid: {
      heading: { one: 'Danke für Ihre Zahlung', other: 'Danke für Ihre Zahlung' },
      intro: 'Ihre Zahlung ist angekommen.',
      status: 'Bezahlt',
    },
    visit_ahead: {
      heading: { one: 'Bis bald', other: 'Bis bald' },
      intro: 'Ihr Besuch steht bevor. Hier ist alles, was Sie brauchen.',
      status: 'Steht bevor',
    },
    visit_over: {
      heading: { one: 'Danke für Ihren Besuch', other: 'Danke für Ihren Besuch' },
      intro: 'Wir hoffen, es hat Ihnen gefallen. Mögen Sie anderen davon erzählen?',
      status: 'Besucht',
    },
  },
  waiver: {
    heading: { one: 'Bitte unterschreiben Sie die Erklärung', other: 'Bitte unterschreiben Sie die Erklärung' },
    intro: 'Wer teilnimmt, muss vor dem Besuch die Haftungserklärung unterschreiben. Es dauert eine Minute.',
    status: 'Steht bevor',
  },
  links: { waiver_reminder: 'Erklärung unterschreiben', review_request: 'Bewertung schreiben' },
  refunded: 'Erstattet: {amount}',
  paid: 'Bezahlt: {amount}',
  goneTickets: 'Nicht mehr gültig: {tickets}',
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
  unsubscribe: 'Keine weiteren E-Mails dieser Art erhalten',
};
