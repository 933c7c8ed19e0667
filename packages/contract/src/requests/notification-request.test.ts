import { expect, test } from 'vitest';
import { problemsOf, subscriptionCreation, subscriptionPatch } from './index.ts';

const creation = { url: 'https://example.com/hook', notificationTypes: ['BOOKING_UPDATE'] };

function wrong(input: Record<string, unknown>): string[] {
  const result = subscriptionCreation.safeParse(input);
  return result.success ? [] : problemsOf(result.error, input, 'the body').map((problem) => problem.message);
}

test('a subscription is active and retried unless told otherwise', () => {
  expect(subscriptionCreation.parse(creation)).toEqual({ ...creation, headers: {}, active: true, retryOnError: true });
});

test.each([
  [{ notificationTypes: ['product_update', 'Booking_Update', 'PRODUCT_UPDATE'] }, ['BOOKING_UPDATE', 'PRODUCT_UPDATE']],
  [{ notificationType: 'availability_update' }, ['AVAILABILITY_UPDATE']],
  [{ notificationType: 'BOOKING_UPDATE', notificationTypes: ['PRODUCT_UPDATE'] }, ['BOOKING_UPDATE', 'PRODUCT_UPDATE']],
])('%j covers %j', (named, types) => {
  expect(subscriptionCreation.parse({ url: creation.url, ...named }).notificationTypes).toEqual(types);
  expect(subscriptionPatch.parse(named)).toEqual({ notificationTypes: types });
});

test.each([
  [{ url: creation.url }, 'notificationTypes is required'],
  [{ ...creation, notificationTypes: [] }, 'notificationTypes must have at least 1 element'],
  [
    { ...creation, notificationTypes: ['ORDER_UPDATE'] },
    'notificationTypes[0] must be one of BOOKING_UPDATE, AVAILABILITY_UPDATE, PRODUCT_UPDATE',
  ],
  [{ notificationTypes: ['BOOKING_UPDATE'] }, 'url is required'],
  [{ ...creation, headers: { Host: 'x' } }, 'headers.Host is set by the sender and cannot be given'],
  [
    { ...creation, url: 'https://u:p@example.com/', headers: { authorization: 'x' } },
    'headers must not have authorization when the URL carries a user name and password',
  ],
])('%j is refused: %s', (input, message) => {
  expect(wrong(input)).toEqual([message]);
});

test('a change may name nothing', () => {
  expect(subscriptionPatch.parse({})).toEqual({});
});
