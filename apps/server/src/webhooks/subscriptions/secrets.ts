import { type Asked, mask, openHeaders, type Seal, type Webhook, type WebhookChange } from './webhook.ts';

/** What a webhook sends that is never shown: where to, as whom, with which headers. The last two are sealed. */
type Sent = Pick<Webhook, 'url' | 'credentials' | 'headers'>;

/** The URL without the `user:password` that it carried, and that (percent-decoded). */
export function splitCredentials(url: string): { readonly url: string; readonly credentials: string | null } {
  const parsed = new URL(url);
  if (parsed.username === '' && parsed.password === '') return { url: parsed.href, credentials: null };
  const credentials = `${decodeURIComponent(parsed.username)}:${decodeURIComponent(parsed.password)}`;
  parsed.username = '';
  parsed.password = '';
  return { url: parsed.href, credentials };
}

/**
 * What is sent after a change of `current`, or by a new webhook. What GET shows may come back as it is: a masked value keeps the
 * one that is stored, and the same URL keeps its credentials; another URL does not, they were not meant for it.
 */
export function sentAfter(change: WebhookChange, current: Webhook | undefined, seal: Seal): Asked<Sent> {
  const kept = current === undefined ? {} : openHeaders(current, seal);
  const keptByName = new Map(Object.entries(kept).map(([name, value]) => [name.toLowerCase(), value]));
  const headers: [string, string][] = [];
  for (const [name, given] of Object.entries(change.headers ?? kept)) {
    const value = given === mask ? keptByName.get(name.toLowerCase()) : given;
    if (value === undefined) return refuse(`headers.${name} is masked, and there is no value to keep`);
    headers.push([name, value]);
  }
  const { url, credentials } = addressAfter(change.url, current, seal);
  if (credentials !== null && headers.some(([name]) => name.toLowerCase() === 'authorization')) {
    return refuse('headers must not have authorization when the URL carries a user name and password');
  }
  return { ok: true, value: { url, credentials, headers: seal.seal(JSON.stringify(Object.fromEntries(headers))) } };
}

function addressAfter(url: string | undefined, current: Webhook | undefined, seal: Seal) {
  const kept = { url: current?.url ?? '', credentials: current?.credentials ?? null };
  if (url === undefined) return kept;
  const given = splitCredentials(url);
  if (given.credentials !== null) return { url: given.url, credentials: seal.seal(given.credentials) };
  return given.url === kept.url ? kept : given;
}

function refuse(message: string): Asked<never> {
  return { ok: false, refusal: { kind: 'bad_request', message } };
}
