import type { Strings } from './strings.ts';

/** English. */
export const en: Strings = {
  language: 'en',
  occasions: {
    confirmed: {
      heading: { one: 'Your booking is confirmed', other: 'Your bookings are confirmed' },
      intro: 'Thank you for booking with us. Here is everything you need; please keep this e-mail at hand.',
      status: 'Confirmed',
    },
    cancelled: {
      heading: { one: 'Your booking is cancelled', other: 'Your bookings are cancelled' },
      intro: 'Cancelled bookings and their tickets are not valid any more.',
      status: 'Cancelled',
    },
    rescheduled: {
      heading: { one: 'Your booking has a new time', other: 'Your bookings have new times' },
      intro: 'Please note the new time.',
      status: 'New time',
    },
    updated: {
      heading: { one: 'Your booking has changed', other: 'Your bookings have changed' },
      intro: 'Here is what is different now.',
      status: 'Changed',
    },
    expired: {
      heading: { one: 'Your booking is not complete yet', other: 'Your bookings are not complete yet' },
      intro:
        'We held a place for you, but the booking was not completed in time. You can still pick it up where you left off.',
      status: 'Not booked',
    },
  },
  newTickets: 'The tickets in this e-mail take the place of the earlier ones.',
  greeting: 'Hello {name},',
  greetingUnnamed: 'Hello,',
  date: 'Date',
  time: 'Time',
  hours: 'Opening hours',
  openDate: 'Open date',
  tickets: 'Tickets',
  price: 'Price',
  total: 'Total',
  reference: 'Reference',
  option: 'Option',
  product: 'Product',
  meetingPoint: 'Meeting point',
  pickup: 'Pickup',
  openMap: 'Open in maps',
  whatChanged: 'What changed',
  was: 'before',
  none: 'none',
  showCode: 'Show this code when you arrive',
  code: 'Code',
  downloadTicket: 'Download ticket',
  addToWallet: 'Add to Wallet',
  rest: 'Everything else is in the attached file.',
  goodToKnow: 'Good to know',
  refund: {
    FULL: 'You get the full price back.',
    PARTIAL: 'You get a part of the price back.',
    NONE: 'The price is not refunded.',
  },
  reason: 'Reason',
  bookAgain: 'Complete your booking',
  calendar: 'For your calendar: see the attachment.',
  questions: 'Questions? We are happy to help:',
  why: 'You get this e-mail because a booking with {supplier} was made with your address.',
  whyHeld:
    'You get this e-mail because a place with {supplier} was held with your address, and you agreed to hear from us.',
};
