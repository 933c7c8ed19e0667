import * as z from 'zod';

/** A field of a query string: empty is the same as absent. */
export function filter<S extends z.ZodType>(schema: S) {
  return z.preprocess((value) => (value === '' ? undefined : value), schema.optional());
}
