import { expect, test } from 'vitest';
import { isEmailAddress } from './email-address.ts';

test.each(['ada@example.com', 'ada.byron+tour@mail.example.co.uk', "o'neil@example.com", 'käthe@bücher.example'])(
  '%s is an e-mail address',
  (text) => {
    expect(isEmailAddress(text)).toBe(true);
  },
);

test.each([
  '',
  'ada',
  'ada@localhost',
  'ada@example.',
  'ada@.example',
  'Ada <ada@example.com>',
  'ada@example.com, eve@example.com',
  '"ada"@example.com',
  'ada@[127.0.0.1]',
  'ada@example.com\r\nBcc: eve@example.com',
  `${'a'.repeat(65)}@example.com`,
  `ada@${'example.'.repeat(40)}com`,
])('%j is none', (text) => {
  expect(isEmailAddress(text)).toBe(false);
});
