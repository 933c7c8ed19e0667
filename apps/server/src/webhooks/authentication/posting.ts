import type { Outbound, OutboundRequest, Reply } from '../../platform/outbound/index.ts';
import type { Endpoint } from '../sending/endpoint.ts';
import { withoutHeaders } from '../sending/request.ts';
import type { Answer } from './answer.ts';
import { createTokens, type TokenHolder } from './tokens.ts';

/** A request to a webhook; `timeoutMs` is of all that sending it takes, a token included. */
export type Posted = Required<Pick<OutboundRequest, 'pool' | 'body' | 'timeoutMs' | 'maxResponseBytes'>> & {
  readonly headers: readonly string[];
};

/** Sends a request as its webhook says who is calling; never throws because of the receiver. */
export type Post = (target: Endpoint, request: Posted) => Promise<Answer>;

/** How long the authorization server has for a token, ms. */
const tokenMs = 5_000;
const noTime = {
  kind: 'failed',
  reason: 'timeout',
  detail: 'No access token within the limit.',
  durationMs: 0,
} as const;

/** See `Post`. A token that the receiver refuses with 401 is asked for anew once, and the request sent again. */
export function createPosting(deps: { readonly outbound: Pick<Outbound, 'post'>; readonly now: () => number }): Post {
  const { outbound } = deps;
  const tokens = createTokens(deps);

  async function authorized(target: Endpoint, holder: TokenHolder, request: Posted): Promise<Answer> {
    const startedAt = performance.now();
    const left = (): number => Math.floor(request.timeoutMs - (performance.now() - startedAt));
    const headers = withoutHeaders(request.headers, new Set(['authorization']));
    let reply: Reply | undefined;
    for (let tries = 0; tries < 2; tries++) {
      if (left() <= 0) break;
      const token = await tokens.of(holder, Math.min(tokenMs, left()));
      // What the receiver said of the token before tells more than that there is no other.
      if (!token.ok) return reply ?? token.failure;
      if (left() <= 0) break;
      reply = await outbound.post({
        ...request,
        url: target.url,
        timeoutMs: left(),
        headers: [...headers, 'authorization', `Bearer ${token.token}`],
        certificate: holder.authentication.certificate ?? undefined,
      });
      if (reply.kind === 'failed' || reply.status !== 401) break;
      tokens.refused(holder, token.token);
    }
    const durationMs = Math.round(performance.now() - startedAt);
    return { ...(reply ?? noTime), durationMs };
  }

  return (target, request) => {
    const { authentication, webhookId, revision } = target;
    if (authentication === null) return outbound.post({ ...request, url: target.url });
    const { oauth2, certificate } = authentication;
    if (oauth2 !== null)
      return authorized(target, { webhookId, revision, authentication: { ...authentication, oauth2 } }, request);
    return outbound.post({ ...request, url: target.url, certificate: certificate ?? undefined });
  };
}
