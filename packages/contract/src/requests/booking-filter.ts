import * as z from 'zod';
import { body } from './body.ts';
import { rangeOf } from './dates.ts';
import { filter } from './filter.ts';
import { line, localDate, opaqueId } from './text.ts';

/** The query of GET /bookings: at least one filter (OCTO); dates are of travel, productId and optionId are Ventrata's. */
export const bookingFilter = body({
  resellerReference: filter(line(255)),
  supplierReference: filter(line(255)),
  localDate: filter(localDate),
  localDateStart: filter(localDate),
  localDateEnd: filter(localDate),
  productId: filter(opaqueId),
  optionId: filter(opaqueId),
}).transform((query, context) => {
  const { localDate, localDateStart, localDateEnd, ...rest } = query;
  const issues = context.issues.length;
  const range = rangeOf(query, context);
  if (context.issues.length > issues) return z.NEVER;
  if (range === undefined && Object.keys(rest).length === 0) {
    context.addIssue({
      code: 'custom',
      message:
        'must have at least one filter: resellerReference, supplierReference, localDate, ' +
        'localDateStart with localDateEnd, productId or optionId',
      input: query,
    });
    return z.NEVER;
  }
  return { ...rest, ...range };
});
