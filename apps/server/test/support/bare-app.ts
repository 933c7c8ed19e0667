import { Hono } from 'hono';

/** An app that answers every request with the JSON that `text` gives: the least that an answer can cost, for benchmarks. */
export function bareApp(text: () => string): Hono {
  const app = new Hono();
  app.all('*', (c) => c.body(text(), 200, { 'content-type': 'application/json' }));
  return app;
}
