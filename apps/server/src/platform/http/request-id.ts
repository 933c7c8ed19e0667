import type { MiddlewareHandler } from 'hono';
import { requestId as honoRequestId } from 'hono/request-id';

/** Gives each request an id (`c.get('requestId')`, `X-Request-Id`): the caller's if it is short and plain, else a new one. */
export function requestId(newId: () => string): MiddlewareHandler {
  return honoRequestId({ limitLength: 64, generator: () => newId() });
}
