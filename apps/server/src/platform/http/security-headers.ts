import type { MiddlewareHandler } from 'hono';
import { secureHeaders } from 'hono/secure-headers';

/**
 * Headers for answers that a browser must not run, frame or guess the type of. A page that shows something brings its own
 * `Content-Security-Policy`, which is kept. `https`: the server is reached over HTTPS only, and says so (HSTS).
 */
export function securityHeaders(options: { readonly https: boolean }): MiddlewareHandler {
  const common = secureHeaders({
    strictTransportSecurity: options.https ? 'max-age=31536000' : false,
    referrerPolicy: 'no-referrer',
    xFrameOptions: 'DENY',
    crossOriginResourcePolicy: 'same-origin',
    crossOriginOpenerPolicy: 'same-origin',
    xXssProtection: false,
    xDownloadOptions: false,
    xDnsPrefetchControl: false,
    xPermittedCrossDomainPolicies: false,
    originAgentCluster: false,
  });
  return async (c, next) => {
    await common(c, next);
    if (!c.res.headers.has('content-security-policy')) {
      c.res.headers.set('content-security-policy', "default-src 'none'; frame-ancestors 'none'");
    }
  };
}
