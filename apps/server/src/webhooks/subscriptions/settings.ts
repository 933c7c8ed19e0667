import {
  type Authentication,
  type AuthenticationShown,
  authenticationShown,
  certificateProblem,
  type OAuth2Client,
} from '../authentication/authentication.ts';
import { describeProblems, prepare } from '../transformations/transformation.ts';
import { lockWebhook, webhookById } from './store.ts';
import { type Telling, usualTelling } from './telling.ts';
import { type Asked, mask, type Seal, type Webhook } from './webhook.ts';
import type { SubscriptionDeps, Writing } from './writing.ts';

/** What a webhook is told and how it says who is calling, beyond what OCTO knows; secrets are masked. */
export interface WebhookSettings extends Telling {
  readonly authentication: AuthenticationShown | null;
}

/** What is to be different of it; what is left out stays as it is. A client secret that is masked stays too, for the same token URL. */
export interface SettingsChange extends Partial<Telling> {
  readonly authentication?: Partial<Authentication> | null;
}

/** What a webhook is stored with because of its settings; `authentication` is sealed. */
export type StoredSettings = Pick<Webhook, 'telling' | 'authentication'>;

/** The settings of a supplier's webhooks, for whoever runs them. */
export interface Settings {
  /** Undefined: the supplier has no such webhook. */
  settings(supplierId: string, id: string): Promise<WebhookSettings | undefined>;
  /** What is owed already stays as it is; undefined: the supplier has no such webhook. */
  set(supplierId: string, id: string, change: SettingsChange): Promise<Asked<WebhookSettings> | undefined>;
}

const refuse = (message: string): Asked<never> => ({ ok: false, refusal: { kind: 'bad_request', message } });

const opened = (sealed: string | null, seal: Seal): Authentication | null =>
  sealed === null ? null : (JSON.parse(seal.open(sealed)) as Authentication);

/** What is stored after a change of `current`, or with a new webhook. `now` is ms UTC. */
export function settingsAfter(
  change: SettingsChange,
  current: StoredSettings | undefined,
  { seal, now }: { readonly seal: Seal; readonly now: number },
): Asked<StoredSettings> {
  const { filter, payload, transformation } = { ...(current?.telling ?? usualTelling), ...present(change) };
  if (change.transformation != null) {
    const prepared = prepare(change.transformation);
    if (!prepared.ok) return refuse(describeProblems(prepared.problems).replace(/^its /, 'the '));
  }
  const telling = { filter, payload, transformation };
  if (change.authentication === undefined) {
    return { ok: true, value: { telling, authentication: current?.authentication ?? null } };
  }
  const authentication = authenticationAfter(change.authentication, opened(current?.authentication ?? null, seal), now);
  if (!authentication.ok) return authentication;
  const sealed = authentication.value === null ? null : seal.seal(JSON.stringify(authentication.value));
  return { ok: true, value: { telling, authentication: sealed } };
}

/** What of a telling a change names. */
function present({ filter, payload, transformation }: SettingsChange): Partial<Telling> {
  return {
    ...(filter !== undefined && { filter }),
    ...(payload !== undefined && { payload }),
    ...(transformation !== undefined && { transformation }),
  };
}

function authenticationAfter(
  change: Partial<Authentication> | null,
  current: Authentication | null,
  now: number,
): Asked<Authentication | null> {
  if (change === null) return { ok: true, value: null };
  const { oauth2 = current?.oauth2 ?? null, certificate = current?.certificate ?? null } = change;
  if (change.certificate != null) {
    const problem = certificateProblem(change.certificate, now);
    if (problem !== undefined) return refuse(problem);
  }
  const client = oauth2?.clientSecret === mask ? keptSecret(oauth2, current?.oauth2 ?? null) : oauth2;
  if (client === undefined) return refuse('authentication.oauth2.clientSecret is masked, and there is none to keep');
  return { ok: true, value: client === null && certificate === null ? null : { oauth2: client, certificate } };
}

/** Another token URL does not get the secret: it was not meant for it. */
function keptSecret(wanted: OAuth2Client, current: OAuth2Client | null): OAuth2Client | undefined {
  if (current === null || current.tokenUrl !== wanted.tokenUrl) return undefined;
  return { ...wanted, clientSecret: current.clientSecret };
}

/** See `Settings`. */
export function createSettings(deps: SubscriptionDeps, writing: Writing): Settings {
  const { db, seal, now, supplierPart } = deps;

  function shown(webhook: Webhook): WebhookSettings {
    const authentication = opened(webhook.authentication, seal);
    return { ...webhook.telling, authentication: authentication && authenticationShown(authentication, mask) };
  }

  return {
    async settings(supplierId, id) {
      const webhook = await webhookById(db.reader, { supplierId, id });
      return webhook && shown(webhook);
    },

    set: (supplierId, id, change) =>
      db.transaction(async (tx): Promise<Asked<WebhookSettings> | undefined> => {
        const webhook = await lockWebhook(tx, { supplierId, id });
        if (webhook === undefined) return undefined;
        const after = settingsAfter(change, webhook, { seal, now: now() });
        if (!after.ok) return after;
        const changed = await writing.change(tx, webhook, after.value);
        if (changed.telling.payload !== webhook.telling.payload) {
          await writing.render(tx, changed, await supplierPart(tx, supplierId));
        }
        return { ok: true, value: shown(changed) };
      }),
  };
}
