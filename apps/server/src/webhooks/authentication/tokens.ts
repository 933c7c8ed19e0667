import { z } from 'zod';
import type { ClientCertificate, Outbound, Reply } from '../../platform/outbound/index.ts';
import type { NoAnswer } from './answer.ts';
import type { Authentication, OAuth2Client } from './authentication.ts';

/** Whose token is asked for: the webhook as it is at a revision. */
export interface TokenHolder {
  readonly webhookId: string;
  readonly revision: number;
  readonly authentication: Authentication & { readonly oauth2: OAuth2Client };
}

/** An access token, or why there is none. */
export type TokenAnswer =
  | { readonly ok: true; readonly token: string }
  | { readonly ok: false; readonly failure: NoAnswer };

/** Gets access tokens and keeps them in memory until they expire. */
export interface Tokens {
  /** One request at a time for each webhook: whoever asks meanwhile gets the same answer, or none after `timeoutMs`. */
  of(holder: TokenHolder, timeoutMs: number): Promise<TokenAnswer>;
  /** The receiver refused this token: it is not given again. */
  refused(holder: TokenHolder, token: string): void;
}

/** Before it expires a token is given no more, ms: the request it is for takes time. */
const earlyMs = 30_000;
/** How long a token is kept whose server does not say, ms; and at most. */
const usualMs = 300_000;
const longestMs = 24 * 3_600_000;
const largestAnswer = 65_536;
const mostKept = 10_000;

/** RFC 6749, 5.1; some servers send the seconds as text. What cannot be read as seconds is not told. */
const granted = z.object({
  access_token: z.string().regex(/^[\x21-\x7e]{1,16384}$/),
  token_type: z.string().regex(/^bearer$/i),
  expires_in: z
    .union([
      z.number(),
      z
        .string()
        .regex(/^\d{1,12}$/)
        .transform(Number),
    ])
    .pipe(z.number().min(0))
    .optional()
    .catch(undefined),
});
/** RFC 6749, 5.2. */
const refusedAnswer = z.object({ error: z.string().regex(/^[\x20-\x7e]{1,100}$/) });

/** See `Tokens`. `now` gives ms UTC. */
export function createTokens(deps: { readonly outbound: Pick<Outbound, 'post'>; readonly now: () => number }): Tokens {
  const kept = new Map<string, { readonly token: string; readonly until: number }>();
  const asking = new Map<string, Promise<TokenAnswer>>();
  const shownTo = new WeakMap<ClientCertificate, ClientCertificate>();
  const keyOf = ({ webhookId, revision }: TokenHolder): string => `${webhookId} ${revision}`;

  /**
   * The webhook's certificate for its token server (RFC 8705): what its receiver is trusted by says nothing of that one. The same object each
   * time, because the connections are its.
   */
  function certificateOf({ certificate }: Authentication): ClientCertificate | undefined {
    if (certificate === null) return undefined;
    const { cert, key } = certificate;
    const shown = shownTo.get(certificate) ?? { cert, key, ca: null };
    shownTo.set(certificate, shown);
    return shown;
  }

  async function ask(holder: TokenHolder, timeoutMs: number): Promise<TokenAnswer> {
    const { oauth2 } = holder.authentication;
    const reply = await deps.outbound.post({
      pool: `${holder.webhookId} token`,
      url: oauth2.tokenUrl,
      ...tokenRequest(oauth2),
      timeoutMs,
      maxResponseBytes: largestAnswer,
      certificate: certificateOf(holder.authentication),
    });
    const answer = read(reply);
    if (answer.kind === 'failed') return { ok: false, failure: answer };
    const lifeMs = answer.expiresInMs === null ? usualMs : Math.min(answer.expiresInMs - earlyMs, longestMs);
    if (kept.size >= mostKept) kept.delete(kept.keys().next().value ?? '');
    if (lifeMs > 0) kept.set(keyOf(holder), { token: answer.token, until: deps.now() + lifeMs });
    return { ok: true, token: answer.token };
  }

  return {
    of(holder, timeoutMs) {
      const key = keyOf(holder);
      const known = kept.get(key);
      if (known !== undefined && deps.now() < known.until) return Promise.resolve({ ok: true, token: known.token });
      const underWay = asking.get(key);
      if (underWay !== undefined) return within(underWay, timeoutMs);
      const begun = ask(holder, timeoutMs).finally(() => asking.delete(key));
      asking.set(key, begun);
      return begun;
    },
    refused(holder, token) {
      const key = keyOf(holder);
      if (kept.get(key)?.token === token) kept.delete(key);
    },
  };
}

/** An answer that somebody else waits for as well, if it is there in `timeoutMs`. */
async function within(answer: Promise<TokenAnswer>, timeoutMs: number): Promise<TokenAnswer> {
  const { promise: late, resolve } = Promise.withResolvers<TokenAnswer>();
  const detail = 'No access token: the token endpoint did not answer within the limit.';
  const failure: NoAnswer = { kind: 'failed', reason: 'timeout', detail, durationMs: timeoutMs };
  const timer = setTimeout(() => resolve({ ok: false, failure }), timeoutMs);
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The request for a token (RFC 6749, 4.4.2). In basic auth, both parts are form-encoded first (2.3.1). */
function tokenRequest(client: OAuth2Client): { readonly headers: readonly string[]; readonly body: string } {
  const { clientId, clientSecret, scope, audience, sendAs } = client;
  const form = new URLSearchParams({ grant_type: 'client_credentials' });
  if (scope !== null) form.set('scope', scope);
  if (audience !== null) form.set('audience', audience);
  const headers = ['content-type', 'application/x-www-form-urlencoded', 'accept', 'application/json'];
  if (sendAs === 'body') {
    form.set('client_id', clientId);
    form.set('client_secret', clientSecret);
  } else {
    const encoded = (text: string): string => new URLSearchParams({ '': text }).toString().slice(1);
    const credentials = Buffer.from(`${encoded(clientId)}:${encoded(clientSecret)}`, 'utf8').toString('base64');
    headers.push('authorization', `Basic ${credentials}`);
  }
  return { headers, body: form.toString() };
}

type Granted = { readonly kind: 'granted'; readonly token: string; readonly expiresInMs: number | null };

function read(reply: Reply): Granted | NoAnswer {
  if (reply.kind === 'failed') return { ...reply, detail: `No access token: ${reply.detail}` };
  const said = parsed(reply.excerpt);
  const grant = granted.safeParse(said);
  if (reply.status === 200 && grant.success) {
    const { access_token: token, expires_in: seconds } = grant.data;
    return { kind: 'granted', token, expiresInMs: seconds === undefined ? null : seconds * 1000 };
  }
  const error = refusedAnswer.safeParse(said).data?.error;
  const why =
    reply.status === 200
      ? 'with no bearer token in JSON'
      : `${reply.status}${error === undefined ? '' : ` (${error})`}`;
  return {
    kind: 'failed',
    reason: 'token',
    detail: `No access token: the token endpoint answered ${why}.`,
    durationMs: reply.durationMs,
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
