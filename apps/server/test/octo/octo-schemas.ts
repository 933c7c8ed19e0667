import {
  zAvailability,
  zAvailabilityCalendar,
  zBaseError,
  zBooking,
  zCapability,
  zErrorInvalidAvailabilityId,
  zErrorInvalidBookingUuid,
  zErrorInvalidOptionId,
  zErrorInvalidProductId,
  zErrorInvalidUnitId,
  zProduct,
  zSupplier,
} from '@octocloud/types';
import { expect } from 'vitest';

/** A schema of OCTO's own package, which are Zod 3's. */
interface Schema {
  safeParse(
    value: unknown,
  ):
    | { readonly success: true; readonly data: unknown }
    | { readonly success: false; readonly error: { readonly issues: readonly object[] } };
}

/** The schemas of what OCTO answers with, by name. */
export const octoSchemas = {
  supplier: zSupplier,
  capability: zCapability,
  product: zProduct,
  availability: zAvailability,
  day: zAvailabilityCalendar,
  booking: zBooking,
} as const satisfies Record<string, Schema>;

/** The schemas of OCTO's errors, by their code; those without an id have the form of all. */
export const errorSchemas: Readonly<Record<string, Schema>> = {
  INVALID_PRODUCT_ID: zErrorInvalidProductId,
  INVALID_OPTION_ID: zErrorInvalidOptionId,
  INVALID_UNIT_ID: zErrorInvalidUnitId,
  INVALID_AVAILABILITY_ID: zErrorInvalidAvailabilityId,
  INVALID_BOOKING_UUID: zErrorInvalidBookingUuid,
  BAD_REQUEST: zBaseError,
  UNPROCESSABLE_ENTITY: zBaseError,
};

/**
 * What OCTO's core does not know, by where it stands: Ventrata's fields. Parsing drops unknown keys without a word, so that a
 * misspelt field would look like one that is left out; here each must be expected.
 */
const extensions: Readonly<Record<keyof typeof octoSchemas, readonly string[]>> = {
  supplier: [],
  capability: [],
  product: [],
  availability: [],
  day: [],
  booking: [
    'confirmable',
    'contact.allowMarketing',
    'emailReceipt',
    'rejection',
    'unitItems[].contact.allowMarketing',
    'updatable',
    'utcNoshowedAt',
  ],
};

/** What capabilities add that OCTO's core does not describe: it only names octo/cart, and knows no steps of a refund. */
const capabilityFields: Readonly<
  Record<string, Readonly<Partial<Record<keyof typeof octoSchemas, readonly string[]>>>>
> = {
  cart: { booking: ['orderId', 'orderReference', 'primary'] },
  pricing: {
    product: ['options[].cancellationPolicy'],
    booking: ['option.cancellationPolicy', 'product.options[].cancellationPolicy'],
  },
};

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/**
 * The value with a start time for each option that has none: the schema wants one of every option, OCTO's validator none of
 * those with opening hours, and the validator is what resellers are held to.
 */
function withStartTimes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withStartTimes);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, held]) =>
      key === 'availabilityLocalStartTimes' && Array.isArray(held) && held.length === 0
        ? [key, ['00:00']]
        : [key, withStartTimes(held)],
    ),
  );
}

/** The paths of keys that a value has and what was parsed of it has not; every element of a list counts as `[]`. */
function dropped(value: unknown, parsed: unknown, path = ''): string[] {
  if (Array.isArray(value)) {
    return value.flatMap((element, index) => dropped(element, (parsed as unknown[])[index], `${path}[]`));
  }
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, held]) => {
    const at = path === '' ? key : `${path}.${key}`;
    return isObject(parsed) && key in parsed ? dropped(held, parsed[key], at) : [at];
  });
}

/**
 * Expects of each value, as somebody with these capabilities (`pricing`) sees it, that OCTO's schema takes it and that it has no
 * key beyond those that OCTO or Ventrata has.
 */
export function expectOcto(
  name: keyof typeof octoSchemas,
  values: readonly unknown[],
  capabilities: readonly string[] = [],
): void {
  expect(values).not.toEqual([]);
  const known = new Set([...extensions[name], ...capabilities.flatMap((id) => capabilityFields[id]?.[name] ?? [])]);
  for (const each of values) {
    const value = withStartTimes(each);
    const result: ReturnType<Schema['safeParse']> = octoSchemas[name].safeParse(value);
    expect(result.success ? [] : result.error.issues, name).toEqual([]);
    if (!result.success) continue;
    const beyond = new Set(dropped(value, result.data).filter((path) => !known.has(path)));
    expect([...beyond], name).toEqual([]);
  }
}
