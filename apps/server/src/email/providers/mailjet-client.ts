import type { Reply } from '../../platform/outbound/index.ts';
import type { MailjetSettings } from './settings.ts';
import { callVendor, jsonOf, type VendorDeps, VendorRefused } from './vendor.ts';

/** A call of Mailjet's API. */
export interface MailjetCall {
  readonly method: 'get' | 'post' | 'put';
  readonly resource: string;
  readonly version: 'v3' | 'v3.1';
  readonly id?: string;
  readonly body?: object;
  readonly query?: Readonly<Record<string, string>>;
}

/**
 * Lets Mailjet's own client write the request, and the guarded outbound send it: the client's follows redirects and the environment's
 * proxies, and would call any address.
 */
export async function mailjetReply(
  { apiKey, apiSecret }: Pick<MailjetSettings, 'apiKey' | 'apiSecret'>,
  deps: VendorDeps,
  { method, resource, version, id, body = {}, query = {} }: MailjetCall,
  timeoutMs: number,
): Promise<Reply> {
  // When it is needed: it takes 27 MB, mostly an HTTP client that is not used.
  const { default: mailjetClient } = await import('node-mailjet');
  const client = new mailjetClient.Client({ apiKey, apiSecret });
  const begun = client[method](resource, { version });
  const request = id === undefined ? begun : begun.id(id);
  const written = await request.request<Record<string, unknown>, Record<string, unknown>>(
    { ...body },
    { ...query },
    false,
  );
  const url = new URL(new URL(written.url).pathname, deps.vendors.mailjet);
  for (const [name, value] of Object.entries(written.params)) url.searchParams.set(name, String(value));
  const { apiKey: key, apiSecret: secret } = request.getCredentials();
  return callVendor(
    deps,
    {
      method: method.toUpperCase() as 'GET',
      url: url.href,
      headers: {
        authorization: `Basic ${Buffer.from(`${key}:${secret}`).toString('base64')}`,
        'content-type': 'application/json',
        'user-agent': request.getUserAgent(),
      },
      body: method === 'get' ? null : JSON.stringify(written.body),
    },
    timeoutMs,
  );
}

/** Asks Mailjet something; throws `VendorRefused` unless it answers with what was asked for. */
export async function askMailjet(
  settings: Pick<MailjetSettings, 'apiKey' | 'apiSecret'>,
  deps: VendorDeps,
  call: MailjetCall,
): Promise<unknown> {
  const reply = await mailjetReply(settings, deps, call, deps.limits.askMs);
  if (reply.kind === 'failed') throw new VendorRefused(0, `Mailjet: ${reply.detail}`);
  if (reply.status < 200 || reply.status > 299) {
    throw new VendorRefused(reply.status, `Mailjet answered with status ${reply.status}.`);
  }
  return jsonOf(reply.excerpt);
}
