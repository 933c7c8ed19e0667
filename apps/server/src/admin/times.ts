import { z } from '@hono/zod-openapi';

/** The last time that a date can name, ms UTC. */
const latest = 8_640_000_000_000_000;

/** A time in a body. */
export const timeInBody = z.number().int().min(0).max(latest).openapi({ description: 'Milliseconds since 1970, UTC.' });

/** A time as a query has it, in ms UTC; undefined: it is none. */
function timeOf(text: string): number | undefined {
  if (/^\d{1,16}$/.test(text)) return Number(text) <= latest ? Number(text) : undefined;
  // A day is one of UTC; a time of day without its zone would be one of the server's.
  if (!/^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d))?$/.test(text)) return undefined;
  const time = Date.parse(text);
  return Number.isNaN(time) || time < 0 ? undefined : time;
}

/** A time in a query: milliseconds since 1970, or ISO 8601. */
export const timeInQuery = z
  .string()
  .max(40)
  .transform((text, context) => {
    const time = timeOf(text);
    if (time !== undefined) return time;
    context.addIssue({ code: 'custom', message: 'must be milliseconds since 1970, or ISO 8601 with its zone' });
    return z.NEVER;
  })
  .openapi({
    type: 'string',
    description: 'Milliseconds since 1970, UTC; or ISO 8601, such as 2026-06-01 or 2026-06-01T08:00:00Z.',
  });
