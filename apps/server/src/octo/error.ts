import type { Problem } from '@carillon/contract';
import type { JsonBody } from '../platform/http/index.ts';
import type { Refusal } from '../supplier/index.ts';

/** An answer that is not a success: the status, and the body of OCTO's errors. */
export interface OctoError {
  readonly status: 400 | 401 | 403 | 429 | 500;
  readonly body: { readonly error: string; readonly errorMessage: string } & Readonly<Record<string, string>>;
}

/** OCTO answers 400 to everything that is wrong with a request, and never 404 or 422. */
function wrong(error: string, errorMessage: string, offender: Readonly<Record<string, string>> = {}): OctoError {
  return { status: 400, body: { error, errorMessage, ...offender } };
}

/** BAD_REQUEST: malformed, of the wrong type, incomplete. */
export const badRequest = (message: string): OctoError => wrong('BAD_REQUEST', message);
/** UNPROCESSABLE_ENTITY: well formed, but it cannot be. */
export const unprocessable = (message: string): OctoError => wrong('UNPROCESSABLE_ENTITY', message);

/** OCTO's errors that name an id; INVALID_ORDER_ID, INVALID_WEBHOOK_ID, INVALID_DELIVERY_ID and INVALID_SUBSCRIPTION_ID are not OCTO's. */
export const invalid = {
  product: (productId: string) =>
    wrong('INVALID_PRODUCT_ID', 'productId is missing, or the supplier has no such product', { productId }),
  option: (optionId: string) =>
    wrong('INVALID_OPTION_ID', 'optionId is missing, or the product has no such option', { optionId }),
  unit: (unitId: string) => wrong('INVALID_UNIT_ID', 'unitId is missing, or the option has no such unit', { unitId }),
  availability: (availabilityId: string) =>
    wrong('INVALID_AVAILABILITY_ID', 'availabilityId is missing, or the option has no such availability', {
      availabilityId,
    }),
  booking: (uuid: string) =>
    wrong(
      'INVALID_BOOKING_UUID',
      'uuid is not that of a booking of this connection, is that of a hold that has expired, or belongs to another request',
      { uuid },
    ),
  order: (orderId: string) =>
    wrong('INVALID_ORDER_ID', 'orderId is not that of an order of this connection, or a hold in it has expired', {
      orderId,
    }),
  webhook: (id: string) => wrong('INVALID_WEBHOOK_ID', 'id is not that of a webhook of this connection', { id }),
  delivery: (id: string) => wrong('INVALID_DELIVERY_ID', 'id is not that of a delivery of this webhook', { id }),
  subscription: (id: string) =>
    wrong('INVALID_SUBSCRIPTION_ID', 'id is not that of a subscription of this connection', { id }),
} as const;

/** No `Authorization: Bearer …`. */
export const unauthorized: OctoError = {
  status: 401,
  body: { error: 'UNAUTHORIZED', errorMessage: 'the header Authorization must be Bearer followed by an API key' },
};
/** An API key that nobody has (Ventrata: 403 for an unknown or deactivated key). */
export const forbidden: OctoError = {
  status: 403,
  body: { error: 'FORBIDDEN', errorMessage: 'the API key is not known' },
};
const tooMany = (what: string): OctoError => ({
  status: 429,
  body: { error: 'TOO_MANY_REQUESTS', errorMessage: `too many ${what}: wait as Retry-After says` },
});

/** More calls than one connection may make; not OCTO's, whose clients know the status. */
export const tooManyRequests = tooMany('calls from this connection');
/** More wrong keys than may come from one address. */
export const tooManyWrongKeys = tooMany('wrong API keys from this address');
/** More tests than a webhook may get, a connection may ask for, or may be under way at once. */
export const tooManyTests = {
  webhook: tooMany('tests of this webhook'),
  connection: tooMany('tests of webhooks of this connection'),
  underWay: tooMany('tests of webhooks are under way'),
} as const;
/** A fault of ours. */
export const internal: OctoError = {
  status: 500,
  body: { error: 'INTERNAL_SERVER_ERROR', errorMessage: 'the request could not be answered; the fault is not yours' },
};

/** A refusal of the supplier as OCTO says it. */
export function errorOfRefusal(refusal: Refusal): OctoError {
  switch (refusal.kind) {
    case 'product':
      return invalid.product(refusal.productId);
    case 'option':
      return invalid.option(refusal.optionId);
    case 'unit':
      return invalid.unit(refusal.unitId);
    case 'availability':
      return invalid.availability(refusal.availabilityId);
    case 'booking':
      return invalid.booking(refusal.uuid);
    case 'order':
      return invalid.order(refusal.orderId);
    case 'unprocessable':
      return unprocessable(refusal.message);
    case 'bad_request':
      return badRequest(refusal.message);
  }
}

/** A body that could not be read. */
export function errorOfBody(body: JsonBody & { readonly ok: false }): OctoError {
  return badRequest(body.message);
}

/** OCTO has a code of its own for an id that is missing, and wants 422 in spirit for a booking without units. */
function errorOfProblem({ path: whole, missing, tooFew, message }: Problem): OctoError {
  // A booking of an order is one like any other.
  const path = whole[0] === 'bookings' ? whole.slice(2) : whole;
  const last = path.at(-1);
  if (missing && path.length === 1 && last === 'productId') return invalid.product('');
  if (missing && path.length === 1 && last === 'optionId') return invalid.option('');
  if (missing && last === 'unitId') return invalid.unit('');
  if (path.length === 1 && last === 'unitItems' && (missing || tooFew)) return unprocessable(message);
  return badRequest(message);
}

/** What is wrong with a request's fields, as one error: OCTO has room for one, the first. */
export function errorOfProblems(problems: readonly Problem[]): OctoError {
  const [first] = problems;
  return first === undefined ? badRequest('the request is not in the right form') : errorOfProblem(first);
}
