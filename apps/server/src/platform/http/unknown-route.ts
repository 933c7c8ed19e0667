import type { Context } from 'hono';

/** Answers a path that nobody serves: 404 as JSON, naming the method and the path. */
export function unknownRoute(c: Context): Response {
  return c.json({ error: 'not_found', message: `There is no ${c.req.method} ${c.req.path}.` }, 404);
}
