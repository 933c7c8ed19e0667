import { problemsOf, reservationRequest } from '@carillon/contract';
import { expect, test } from 'vitest';
import type { Refusal } from '../supplier/index.ts';
import { errorOfProblems, errorOfRefusal } from './error.ts';

test.each<[Refusal, Record<string, string>]>([
  [
    { kind: 'product', productId: 'x' },
    { error: 'INVALID_PRODUCT_ID', productId: 'x' },
  ],
  [
    { kind: 'option', optionId: 'x' },
    { error: 'INVALID_OPTION_ID', optionId: 'x' },
  ],
  [
    { kind: 'unit', unitId: 'x' },
    { error: 'INVALID_UNIT_ID', unitId: 'x' },
  ],
  [
    { kind: 'availability', availabilityId: '' },
    { error: 'INVALID_AVAILABILITY_ID', availabilityId: '' },
  ],
  [
    { kind: 'booking', uuid: 'x' },
    { error: 'INVALID_BOOKING_UUID', uuid: 'x' },
  ],
  [
    { kind: 'order', orderId: 'x' },
    { error: 'INVALID_ORDER_ID', orderId: 'x' },
  ],
  [
    { kind: 'unprocessable', message: 'sold out' },
    { error: 'UNPROCESSABLE_ENTITY', errorMessage: 'sold out' },
  ],
  [
    { kind: 'bad_request', message: 'odd' },
    { error: 'BAD_REQUEST', errorMessage: 'odd' },
  ],
])('a refusal %j is 400 with %j', (refusal, body) => {
  const error = errorOfRefusal(refusal);
  expect(error.status).toBe(400);
  expect(error.body).toMatchObject(body);
  expect(error.body.errorMessage).not.toBe('');
});

const hold = { productId: 'p', optionId: 'o', availabilityId: 'a', unitItems: [{ unitId: 'u' }] };

test.each([
  [
    { ...hold, productId: undefined },
    { error: 'INVALID_PRODUCT_ID', productId: '' },
  ],
  [
    { ...hold, optionId: null },
    { error: 'INVALID_OPTION_ID', optionId: '' },
  ],
  [
    { ...hold, unitItems: [{}] },
    { error: 'INVALID_UNIT_ID', unitId: '' },
  ],
  [{ ...hold, unitItems: [] }, { error: 'UNPROCESSABLE_ENTITY' }],
  [{ ...hold, unitItems: undefined }, { error: 'UNPROCESSABLE_ENTITY' }],
  [
    { ...hold, unitItems: 'two' },
    { error: 'BAD_REQUEST', errorMessage: 'unitItems must be a list' },
  ],
  [
    { ...hold, productId: 5 },
    { error: 'BAD_REQUEST', errorMessage: 'productId must be a string' },
  ],
])('the reservation %j is answered %j', (input, body) => {
  const result = reservationRequest.safeParse(input);
  expect(errorOfProblems(problemsOf(result.error!, input, 'the body')).body).toMatchObject(body);
});
