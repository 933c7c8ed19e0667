import { ServerClient } from 'postmark';
import type { Reply } from '../../platform/outbound/index.ts';
import { callVendor, type VendorDeps, VendorRefused } from './vendor.ts';

/** One call through Postmark's own client: what it sent, and what came back. */
interface Conversation {
  readonly client: ServerClient;
  /** The answer, once the client has had it. */
  readonly reply: () => Reply | undefined;
}

/** Statuses whose answers have no body (Fetch standard). */
const bodiless: ReadonlySet<number> = new Set([204, 205, 304]);

/** Postmark's client for one call: it writes the request, and the guarded outbound sends it. */
function converse(token: string, deps: VendorDeps, timeoutMs: number): Conversation {
  const base = new URL(deps.vendors.postmark);
  let reply: Reply | undefined;
  const client = new ServerClient(token, {
    requestHost: base.host,
    useHttps: base.protocol === 'https:',
    // Its own limit must not end what ours still waits for. Seconds.
    timeout: Math.ceil(timeoutMs / 1000) + 60,
    async fetch(input, init) {
      const { method = 'GET', headers, body } = init ?? {};
      reply = await callVendor(
        deps,
        {
          method: method as 'GET',
          url: String(input),
          headers: headers as Record<string, string>,
          body: (body as string | undefined) ?? null,
        },
        timeoutMs,
      );
      if (reply.kind === 'failed') throw new Error(reply.detail);
      const { status, excerpt } = reply;
      return new Response(bodiless.has(status) ? null : excerpt, { status: Math.max(200, status) });
    },
  });
  return { client, reply: () => reply };
}

/** Sends through Postmark's client, and gives the answer as it came. */
export async function postmarkReply(
  token: string,
  deps: VendorDeps,
  call: (client: ServerClient) => Promise<unknown>,
): Promise<Reply> {
  const { client, reply } = converse(token, deps, deps.limits.sendMs);
  let failure: unknown;
  try {
    await call(client);
  } catch (error) {
    failure = error;
  }
  const answer = reply();
  // Without one, the client has refused the message before it sent anything.
  if (answer === undefined) throw new Error('Postmark’s client could not write the request.', { cause: failure });
  return answer;
}

/** Asks Postmark something through its client; throws `VendorRefused` unless it answers. */
export async function askPostmark<T>(
  token: string,
  deps: VendorDeps,
  call: (client: ServerClient) => Promise<T>,
): Promise<T> {
  const { client, reply } = converse(token, deps, deps.limits.askMs);
  try {
    const answer = await call(client);
    const came = reply();
    if (came?.kind === 'response' && came.truncated) throw new Error('Postmark’s answer is too long.');
    return answer;
  } catch (error) {
    const came = reply();
    const status = came?.kind === 'response' ? came.status : 0;
    throw new VendorRefused(status, `Postmark: ${error instanceof Error ? error.message : String(error)}`);
  }
}
