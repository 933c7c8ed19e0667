import { Hono } from 'hono';
import { tokenBuckets } from '../platform/http/index.ts';
import { sendError } from './answer.ts';
import { availabilityRoutes } from './availability.ts';
import { bookingRoutes } from './bookings.ts';
import { answerHeaders, bearerKey, callerOf } from './caller.ts';
import type { OctoApp, OctoDeps, OctoEnv, OctoLimits } from './deps.ts';
import { badRequest, forbidden, internal, tooManyRequests, unauthorized } from './error.ts';
import { orderRoutes } from './orders.ts';
import { productRoutes } from './products.ts';
import { webhookRoutes } from './webhooks.ts';

/** What a connection may send unless told otherwise: bodies of 1 MiB, 100 calls a second after 500 at once. */
export const octoLimits: OctoLimits = { body: { bytes: 1_048_576, depth: 32 }, rate: { perSecond: 100, burst: 500 } };

/**
 * The OCTO API, to be mounted at /octo with `route`; the app that it is mounted in must be `strict: false`, so that a slash at
 * the end of a path makes no difference.
 */
export function octoApp(deps: OctoDeps): OctoApp {
  const octo: OctoApp = new Hono<OctoEnv>({ strict: false });
  const buckets = tokenBuckets(deps.limits.rate, deps.now);

  octo.onError((error, c) => {
    const { method, path } = c.req;
    deps.log.error(
      { code: 'octo_failed', method, path, requestId: c.var.requestId, err: error },
      'an OCTO call failed',
    );
    return sendError(c, internal);
  });

  octo.use(async (c, next) => {
    const key = bearerKey(c.req.header('authorization'));
    if (key === undefined) {
      c.header('WWW-Authenticate', 'Bearer');
      return sendError(c, unauthorized);
    }
    const connection = await deps.supplier.connectionOf(deps.hashKey(key));
    if (connection === undefined) return sendError(c, forbidden);
    const taken = buckets.take(connection.connectionId);
    if (!taken.allowed) {
      c.header('Retry-After', String(Math.ceil(taken.waitMs / 1000)));
      return sendError(c, tooManyRequests);
    }
    const caller = callerOf(connection, await deps.supplier.profile(connection.supplierId), {
      capabilities: c.req.header('octo-capabilities'),
      languages: c.req.header('accept-language'),
      env: c.req.header('octo-env'),
    });
    if (caller === undefined) return sendError(c, badRequest('the header Octo-Env must be test or live'));
    c.set('caller', caller);
    for (const [name, value] of Object.entries(answerHeaders(caller))) c.header(name, value);
    return next();
  });

  productRoutes(octo, deps);
  availabilityRoutes(octo, deps);
  bookingRoutes(octo, deps);
  orderRoutes(octo, deps);
  webhookRoutes(octo, deps);

  // OCTO answers 400 and never 404, also for a path or a method that it does not have.
  octo.all('*', (c) => sendError(c, badRequest(`there is no ${c.req.method} ${c.req.path}`)));
  return octo;
}
