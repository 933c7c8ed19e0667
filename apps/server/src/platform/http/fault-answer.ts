import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { Log } from '../log/index.ts';

/**
 * Answers what a route threw. A refusal of Hono or of its middleware (a body that is no JSON, a form from another site) is the
 * caller's fault, and is answered as it says; anything else is ours: logged, and answered with 500. Errors outside `/octo` are
 * `{error, message}`.
 */
export function faultAnswer(log: Pick<Log, 'error'>): (error: Error, c: Context) => Response {
  return (err, c) => {
    if (err instanceof HTTPException && err.status < 500) {
      if (err.res !== undefined) return err.getResponse();
      return c.json({ error: 'refused', message: err.message || 'The request was refused.' }, err.status);
    }
    const { method, path } = c.req;
    log.error({ code: 'http.failed', method, path, requestId: c.get('requestId'), err }, 'a request failed');
    return c.json({ error: 'internal', message: 'Something went wrong here; it has been logged.' }, 500);
  };
}
