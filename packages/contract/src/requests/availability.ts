import * as z from 'zod';
import { unitTypes } from '../document.ts';
import { body, optional } from './body.ts';
import { rangeOf } from './dates.ts';
import { currency, localDate, opaqueId } from './text.ts';

/** A unit is named by its id (OCTO), or by its type (Ventrata). */
const unitQuantity = body({
  id: optional(opaqueId),
  type: optional(z.enum(unitTypes)),
  quantity: z.int().min(0).max(10_000),
});
const unitQuantities = z.array(unitQuantity).max(100);

const common = {
  productId: opaqueId,
  optionId: opaqueId,
  units: optional(unitQuantities).transform((units) => (units?.length === 0 ? undefined : units)),
  currency: optional(currency),
};

/** POST /availability (OCTO): exactly one of a range of dates, one date, or 1 to 100 ids. */
export const availabilityRequest = body({
  ...common,
  localDate: optional(localDate),
  localDateStart: optional(localDate),
  localDateEnd: optional(localDate),
  availabilityIds: optional(z.array(opaqueId).min(1).max(100)),
}).transform((request, context) => {
  const { localDate, localDateStart, localDateEnd, availabilityIds, ...rest } = request;
  const issues = context.issues.length;
  const range = rangeOf(request, context);
  if (context.issues.length > issues) return z.NEVER;
  if (availabilityIds === undefined && range !== undefined) return { ...rest, ...range };
  if (availabilityIds !== undefined && range === undefined) return { ...rest, availabilityIds };
  context.addIssue({
    code: 'custom',
    path: ['availabilityIds'],
    message: 'or localDateStart with localDateEnd, or localDate, is required: exactly one of the three',
    input: availabilityIds,
  });
  return z.NEVER;
});

/** POST /availability/calendar (OCTO): a range of dates is required. */
export const calendarRequest = body({
  ...common,
  localDateStart: localDate,
  localDateEnd: localDate,
}).transform((request, context) => {
  const range = rangeOf(request, context);
  return range === undefined ? z.NEVER : { ...request, ...range };
});
