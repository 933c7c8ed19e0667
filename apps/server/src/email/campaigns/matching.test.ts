import { describe, expect, test } from 'vitest';
import { booking, slot } from '../../../test/email/bookings.ts';
import { type Asked, unmatched } from './matching.ts';
import { type Conditions, ruleSchema } from './rule.ts';

const asked: Asked = {
  bookings: [
    {
      document: booking({
        status: 'CONFIRMED',
        utcConfirmedAt: '2026-12-04T13:00:00Z',
        availability: slot('2026-12-05T14:00:00+01:00'),
      }),
      connectionId: 'website',
    },
  ],
  language: 'en-GB',
  direct: true,
  firstTime: true,
};

describe('conditions', () => {
  test.each<[string, Conditions, Conditions]>([
    ['products', { products: ['cruise'] }, { products: ['museum'] }],
    ['options', { options: ['default'] }, { options: ['sunset'] }],
    ['connections', { connections: ['website'] }, { connections: ['reseller'] }],
    ['who sold it', { sold: 'direct' }, { sold: 'reseller' }],
    ['languages', { languages: ['de', 'en'] }, { languages: ['e', 'en-US'] }],
    ['the price', { price: { from: 6500, to: 6500 } }, { price: { to: 6499 } }],
    ['the lead time', { leadTimeHours: { from: 24, to: 24 } }, { leadTimeHours: { from: 25 } }],
    ['first-time guests', { firstTime: true }, { firstTime: false }],
    ['a field that is there', { fields: [{ pointer: '/voucher' }] }, { fields: [{ pointer: '/notes' }] }],
    [
      'what a field is',
      { fields: [{ pointer: '/product/availabilityType', is: ['START_TIME'] }] },
      { fields: [{ pointer: '/product/availabilityType', not: ['START_TIME'] }] },
    ],
    [
      'a field in a list',
      { fields: [{ pointer: '/unitItems/2/unitId', is: ['child'] }] },
      { fields: [{ pointer: '/unitItems/3/unitId' }] },
    ],
    [
      'own members alone',
      { fields: [{ pointer: '/constructor', is: [null] }] },
      { fields: [{ pointer: '/constructor/name' }] },
    ],
  ])('ask for %s', (_, holds, fails) => {
    expect(unmatched(holds, asked)).toBeNull();
    expect(unmatched(fails, asked)).toMatch(/^[A-Z/].*\.$/);
  });

  test('hold where one of several bookings meets all of them, and not where they share them out', () => {
    const sunset = { ...asked.bookings[0]!, document: booking({ optionId: 'sunset', productId: 'museum' }) };
    const both = { ...asked, bookings: [...asked.bookings, sunset] };
    expect(unmatched({ products: ['museum'], options: ['sunset'] }, both)).toBeNull();
    expect(unmatched({ products: ['cruise'], options: ['sunset'] }, both)).not.toBeNull();
  });
});

test.each([
  ['quietHours', { quietHours: { from: '25:00', to: '08:00' } }],
  ['conditions', { conditions: { fields: [{ pointer: 'product' }] } }],
  ['conditions', { conditions: { price: { from: 2, to: 1 } } }],
  ['testAddress', { testAddress: 'nobody' }],
  ['link', { link: 'javascript:alert(1)' }],
  ['colour', { colour: 'red' }],
])('a rule with a wrong %s is refused', (field, rule) => {
  const { error } = ruleSchema.safeParse(rule);
  expect(JSON.stringify(error?.issues)).toContain(field);
});
