import { expect, test } from 'vitest';
import { booking, contact, order } from '../../../test/email/bookings.ts';
import { addressProblem, guestOf } from './guest.ts';

test.each(['ada@example.com', 'ada.love+tag@mail.example.co.uk', "o'brien@example.com", 'ada@exämple.de', 'a@b.cd'])(
  '%s can be written to',
  (address) => {
    expect(addressProblem(address)).toBe(null);
  },
);

test.each([
  '',
  'ada',
  'ada@',
  '@example.com',
  'ada@example',
  'ada@example..com',
  'ada@.example.com',
  'a@b@example.com',
  'ada@example.com, eve@example.com',
  'ada@example.com;eve@example.com',
  'Ada <ada@example.com>',
  '<ada@example.com>',
  '"ada"@example.com',
  'ada @example.com',
  'ada@example.com\n',
  'ada@example.com\r\nRCPT TO:<eve@example.com>',
  'ada\u0000@example.com',
  'ada@[127.0.0.1]',
  'undisclosed:ada@example.com;',
  `${'a'.repeat(65)}@example.com`,
  `a@${'b'.repeat(250)}.com`,
])('%j cannot', (address) => {
  expect(addressProblem(address)).toMatch(/not one that can be written to/);
});

test('an address that needs SMTPUTF8 cannot, for that reason', () => {
  expect(addressProblem('ädä@example.com')).toMatch(/letters before the @/);
});

const withAddress = (emailAddress: string | null) => ({ ...contact, emailAddress, locales: [] as string[] });

test('the guest is the order’s contact, else the primary booking’s, else any with an address', () => {
  const primary = booking({ contact: withAddress('primary@example.com') });
  const other = booking({ primary: false, contact: withAddress('other@example.com') });
  const ordered = (emailAddress: string | null) => order([primary], { contact: withAddress(emailAddress) });
  expect(guestOf(ordered('order@example.com'), [other]).address).toBe('order@example.com');
  expect(guestOf(ordered(null), [other]).address).toBe('primary@example.com');
  expect(guestOf(ordered(' '), [other]).address).toBe('primary@example.com');
  expect(guestOf(undefined, [other, primary]).address).toBe('primary@example.com');
  expect(guestOf(undefined, [other]).address).toBe('other@example.com');
  expect(guestOf(undefined, [booking({ contact: withAddress(null) })]).address).toBe(null);
});

test('consent is that of the contact whose address it is', () => {
  const silent = { ...withAddress('order@example.com'), allowMarketing: false };
  const willing = { ...withAddress('primary@example.com'), allowMarketing: true };
  const primary = booking({ contact: willing });
  expect(guestOf(order([primary], { contact: silent }), [primary]).contact.allowMarketing).toBe(false);
});
