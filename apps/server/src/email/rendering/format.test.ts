import { expect, test } from 'vitest';
import { formatClock, formatDate, formatLocale, formatMoney, formatTime } from './format.ts';

test.each([
  ['2026-03-29T01:30:00+01:00', 'Sonntag, 29. März 2026', '01:30'],
  ['2026-03-29T03:00:00+02:00', 'Sonntag, 29. März 2026', '03:00'],
  ['2026-10-25T02:30:00+02:00', 'Sonntag, 25. Oktober 2026', '02:30'],
  ['2026-10-25T02:30:00+01:00', 'Sonntag, 25. Oktober 2026', '02:30'],
  ['2026-12-31T23:30:00Z', 'Freitag, 1. Januar 2027', '00:30'],
])('%s is %s, %s in Berlin', (instant, date, time) => {
  expect(formatDate(instant, 'Europe/Berlin', 'de')).toBe(date);
  expect(formatTime(instant, 'Europe/Berlin', 'de')).toBe(time);
});

test.each([
  ['en', '9:05 AM'],
  ['en-GB', '09:05'],
  ['de', '09:05'],
  ['es', '9:05'],
])('a clock in %s shows %s', (locale, shown) => {
  expect(formatClock('09:05', locale).replace(/\s/g, ' ')).toBe(shown);
});

test.each([
  [{ amount: 123450, currency: 'EUR', precision: 2 }, 'de', '1.234,50 €'],
  [{ amount: 123450, currency: 'USD', precision: 2 }, 'en', '$1,234.50'],
  [{ amount: 5000, currency: 'JPY', precision: 0 }, 'en', '¥5,000'],
  [{ amount: 1500, currency: 'KWD', precision: 3 }, 'en', 'KWD 1.500'],
])('%j in %s is %s', (money, locale, shown) => {
  expect(formatMoney(money, locale).replace(/\s/g, ' ')).toBe(shown);
});

test.each([
  ['de', ['de-AT'], 'Europe/Berlin', 'de-AT'],
  ['de', ['en-US', 'de-CH-x-private'], 'Europe/Berlin', 'de-CH'],
  ['de', ['de'], 'America/New_York', 'de'],
  ['en', ['en-US'], 'Europe/Berlin', 'en-US'],
  ['en', ['de-AT'], 'Europe/Berlin', 'en-GB'],
  ['en', ['not a tag', '', 'en-u-nu-arab'], 'America/New_York', 'en-US'],
  ['es', ['es'], 'America/Mexico_City', 'es-419'],
])(
  'a text in %s is formatted for a guest who asks for %j of a supplier in %s as in %s',
  (language, wanted, zone, locale) => {
    expect(formatLocale(language, wanted, zone)).toBe(locale);
  },
);
