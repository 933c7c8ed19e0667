import { Hono } from 'hono';
import { arrivalOf, tokenBuckets } from '../platform/http/index.ts';
import { sendError, sendWait } from './answer.ts';
import { availabilityRoutes } from './availability.ts';
import { bookingRoutes } from './bookings.ts';
import { answerHeaders, bearerKey, callerOf } from './caller.ts';
import { deliveryRoutes } from './deliveries.ts';
import type { OctoApp, OctoDeps, OctoEnv, OctoLimits } from './deps.ts';
import { badRequest, forbidden, internal, tooManyRequests, tooManyWrongKeys, unauthorized } from './error.ts';
import { eventRoutes } from './events.ts';
import { notificationRoutes } from './notifications.ts';
import { orderRoutes } from './orders.ts';
import { productRoutes } from './products.ts';
import { triggerRoutes } from './triggers.ts';
import { webhookRoutes } from './webhooks.ts';
import { whoamiRoutes } from './whoami.ts';
import { wrongKeys } from './wrong-keys.ts';

/**
 * What may be sent unless told otherwise: bodies of 1 MiB; by a connection 100 calls a second after 500 at once; from an
 * address one wrong key a second after 20; tests of a webhook one in five seconds after 10, of a connection one a second after 30.
 */
export const octoLimits: OctoLimits = {
  body: { bytes: 1_048_576, depth: 32 },
  rate: { perSecond: 100, burst: 500 },
  wrongKeys: { perSecond: 1, burst: 20 },
  tests: { webhook: { perSecond: 0.2, burst: 10 }, connection: { perSecond: 1, burst: 30 } },
};

/**
 * The OCTO API, to be mounted at /octo with `route`; the app that it is mounted in must be `strict: false`, so that a slash at
 * the end of a path makes no difference.
 */
export function octoApp(deps: OctoDeps): OctoApp {
  const octo: OctoApp = new Hono<OctoEnv>({ strict: false });
  const buckets = tokenBuckets(deps.limits.rate, deps.now);
  const guard = wrongKeys(deps.limits.wrongKeys, deps.now);

  octo.onError((error, c) => {
    const { method, path } = c.req;
    deps.log.error(
      { code: 'octo.failed', method, path, requestId: c.var.requestId, err: error },
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
    const address = deps.clientAddress(arrivalOf(c));
    const keyHash = deps.hashKey(key);
    const waitMs = guard.waitMs(address, keyHash);
    if (waitMs > 0) return sendWait(c, tooManyWrongKeys, waitMs);
    const connection = await deps.supplier.connectionOf(keyHash);
    guard.lookedUp(address, keyHash, connection !== undefined);
    if (connection === undefined) return sendError(c, forbidden);
    const taken = buckets.take(connection.connectionId);
    if (!taken.allowed) return sendWait(c, tooManyRequests, taken.waitMs);
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

  whoamiRoutes(octo, deps);
  productRoutes(octo, deps);
  availabilityRoutes(octo, deps);
  bookingRoutes(octo, deps);
  orderRoutes(octo, deps);
  webhookRoutes(octo, deps);
  triggerRoutes(octo, deps);
  notificationRoutes(octo, deps);
  eventRoutes(octo, deps);
  deliveryRoutes(octo, deps);

  // OCTO answers 400 and never 404, also for a path or a method that it does not have.
  octo.all('*', (c) => sendError(c, badRequest(`there is no ${c.req.method} ${c.req.path}`)));
  return octo;
}
