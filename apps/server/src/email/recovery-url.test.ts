import { expect, test } from 'vitest';
import { booking } from '../../test/email/bookings.ts';
import { recoveryUrl } from './recovery-url.ts';

test.each([
  ['https://shop.example', 'https://shop.example/?product=cruise&option=default&date=2026-12-05'],
  [
    'https://shop.example/book?utm_source=mail&product=x#top',
    'https://shop.example/book?utm_source=mail&product=cruise&option=default&date=2026-12-05#top',
  ],
  ['javascript:alert(1)', null],
  ['shop.example', null],
  ['', null],
  [null, null],
])('%j leads back to %j', (checkoutUrl, url) => {
  expect(recoveryUrl(checkoutUrl, booking())).toBe(url);
});

test('a booking without a slot leads back to the product', () => {
  const url = recoveryUrl('https://shop.example/', booking({ availability: null }));
  expect(url).toBe('https://shop.example/?product=cruise&option=default');
});
