import type { ServerClient } from 'postmark';
import { z } from 'zod';
import { askMailjet } from '../providers/mailjet-client.ts';
import { type OpeningDeps, openedSettings, vendorDepsOf } from '../providers/open.ts';
import { askPostmark } from '../providers/postmark-client.ts';
import type { MailjetSettings } from '../providers/settings.ts';
import type { StoredProvider } from '../providers/store.ts';
import type { VendorDeps } from '../providers/vendor.ts';
import { type CallbackSecret, type CallbackState, callbackSecretOf, callbackUrl, callbackUser } from './callback.ts';

/**
 * Tells a provider over its API where its reports go, and looks whether it knows. `publicUrl` is undefined where nobody outside can
 * reach this instance. Never throws for what the provider does or says.
 */
export async function connectCallbacks(
  stored: StoredProvider,
  publicUrl: string | undefined,
  deps: OpeningDeps,
): Promise<CallbackState> {
  if (publicUrl === undefined) {
    return { state: 'not_reachable', detail: 'Set CARILLON_PUBLIC_URL, so that the provider can reach this server.' };
  }
  const secret = callbackSecretOf(stored, deps.seal);
  const url = callbackUrl(publicUrl, stored.kind, secret.token);
  const vendor = vendorDepsOf(stored, deps);
  try {
    if (stored.kind === 'postmark') {
      const { serverToken, streams } = openedSettings(stored, 'postmark', deps.seal);
      for (const stream of new Set([streams.transactional, streams.broadcast])) {
        await askPostmark(serverToken, vendor, (client) => connectStream(client, stream, url, secret));
      }
      return { state: 'connected', detail: null };
    }
    return await connectMailjet(openedSettings(stored, 'mailjet', deps.seal), vendor, url, secret);
  } catch (error) {
    return { state: 'failed', detail: error instanceof Error ? error.message : String(error) };
  }
}

const on = { Enabled: true };
const triggers = {
  Open: { ...on, PostFirstOpenOnly: false },
  Click: on,
  Delivery: on,
  Bounce: { ...on, IncludeContent: false },
  SpamComplaint: { ...on, IncludeContent: false },
  SubscriptionChange: on,
};

/** One webhook for each message stream: ours is changed where there is one, and those of others are left alone. */
async function connectStream(
  client: ServerClient,
  stream: string,
  url: string,
  { password }: CallbackSecret,
): Promise<void> {
  const ours = async () => {
    const { Webhooks } = await client.getWebhooks({ messageStream: stream });
    return Webhooks.find(({ Url, MessageStream }) => Url === url && MessageStream === stream);
  };
  const wanted = { Url: url, HttpAuth: { Username: callbackUser, Password: password }, Triggers: triggers };
  const known = await ours();
  if (known === undefined) await client.createWebhook({ ...wanted, MessageStream: stream });
  else await client.editWebhook(known.ID, wanted);
  const there = await ours();
  if (there === undefined) throw new Error(`it does not keep the webhook of the stream ${stream}`);
}

const mailjetEvents = ['sent', 'open', 'click', 'bounce', 'blocked', 'spam', 'unsub'] as const;
const callbackList = z.object({
  Data: z.array(
    z.object({ ID: z.coerce.string(), EventType: z.string(), Url: z.string(), Status: z.string().optional() }),
  ),
});

/** One callback URL for each type of event of the account; where somebody else has one, it stays, and the operator is told. */
async function connectMailjet(
  settings: MailjetSettings,
  vendor: VendorDeps,
  url: string,
  { password }: CallbackSecret,
): Promise<CallbackState> {
  const withPassword = new URL(url);
  withPassword.username = callbackUser;
  withPassword.password = password;
  const call = { resource: 'eventcallbackurl', version: 'v3' } as const;
  const known = async () => callbackList.parse(await askMailjet(settings, vendor, { ...call, method: 'get' })).Data;
  const before = await known();
  // Only one with our token in its path is ours: Mailjet may hide the password.
  const isOurs = (address: string) => URL.parse(address)?.pathname === withPassword.pathname;
  const taken: string[] = [];
  for (const EventType of mailjetEvents) {
    const there = before.find((one) => one.EventType === EventType);
    if (there !== undefined && !isOurs(there.Url)) {
      taken.push(EventType);
      continue;
    }
    const body = { EventType, Url: withPassword.href, Version: 2, Status: 'alive' };
    await askMailjet(
      settings,
      vendor,
      there === undefined ? { ...call, method: 'post', body } : { ...call, method: 'put', id: there.ID, body },
    );
  }
  const after = await known();
  const missing = mailjetEvents.filter(
    (type) => !taken.includes(type) && !after.some(({ EventType, Url }) => EventType === type && isOurs(Url)),
  );
  if (missing.length > 0) throw new Error(`Mailjet does not keep the callbacks for ${missing.join(', ')}.`);
  return taken.length === 0
    ? { state: 'connected', detail: null }
    : { state: 'failed', detail: `Mailjet reports ${taken.join(', ')} to another address, which was left as it is.` };
}
