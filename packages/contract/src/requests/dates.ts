import type * as z from 'zod';

/** The longest range that may be asked for: a year (octo-types), as days with its first and its last. */
export const maxRangeDays = 366;

interface Dates {
  readonly localDate?: string;
  readonly localDateStart?: string;
  readonly localDateEnd?: string;
}

/** A range of local dates, both days included. */
export interface DateRange {
  readonly localDateStart: string;
  readonly localDateEnd: string;
}

/**
 * The range that a request's dates name, undefined when it has none; what is wrong with them becomes an issue of `context`.
 * `localDate` is a range of one day (in the prose of OCTO and Ventrata, not in their schemas).
 */
export function rangeOf(dates: Dates, context: z.RefinementCtx): DateRange | undefined {
  const { localDate, localDateStart, localDateEnd } = dates;
  const refuse = (path: keyof Dates, message: string): undefined => {
    context.addIssue({ code: 'custom', path: [path], message, input: dates[path] });
    return undefined;
  };
  if (localDate !== undefined) {
    if (localDateStart === undefined && localDateEnd === undefined) {
      return { localDateStart: localDate, localDateEnd: localDate };
    }
    return refuse('localDate', 'must not stand beside localDateStart or localDateEnd');
  }
  if (localDateStart === undefined && localDateEnd === undefined) return undefined;
  if (localDateStart === undefined) return refuse('localDateStart', 'is required with localDateEnd');
  if (localDateEnd === undefined) return refuse('localDateEnd', 'is required with localDateStart');
  const days = (Date.parse(localDateEnd) - Date.parse(localDateStart)) / 86_400_000 + 1;
  if (days < 1) return refuse('localDateEnd', 'must not be before localDateStart');
  if (days > maxRangeDays) return refuse('localDateEnd', 'must be within a year of localDateStart');
  return { localDateStart, localDateEnd };
}
