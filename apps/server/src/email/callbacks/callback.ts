import { z } from 'zod';
import type { Sealing } from '../../platform/secrets/index.ts';
import type { ProviderKind } from '../providers/settings.ts';
import type { StoredProvider } from '../providers/store.ts';

/** The user name of every provider. */
export const callbackUser = 'carillon';

/** The kinds of providers that make reports. */
export const reporting: readonly ProviderKind[] = ['postmark', 'mailjet'];

const secret = z.object({ token: z.string(), password: z.string() });
/** What a provider proves itself with: a token in the path, and a password. */
export type CallbackSecret = z.infer<typeof secret>;

/** The secret of a stored provider that makes reports. */
export function callbackSecretOf(
  { callbackSecret }: Pick<StoredProvider, 'callbackSecret'>,
  seal: Pick<Sealing, 'open'>,
): CallbackSecret {
  if (callbackSecret === null) throw new TypeError('This provider makes no reports.');
  return secret.parse(JSON.parse(seal.open(callbackSecret)));
}

/** Where the reports of a provider go. */
export const callbackUrl = (publicUrl: string, kind: ProviderKind, token: string): string =>
  `${publicUrl}/providers/${kind}/${token}`;

const state = z.object({ state: z.enum(['connected', 'failed', 'not_reachable']), detail: z.string().nullable() });
/**
 * What came of telling a provider where its reports go: `connected` when it says so itself, `failed` with why, or `not_reachable` where
 * this instance has no address of its own (CARILLON_PUBLIC_URL).
 */
export type CallbackState = z.infer<typeof state>;

/** The state of a stored provider; null: it makes no reports. */
export const callbackStateOf = ({ callbackState }: Pick<StoredProvider, 'callbackState'>): CallbackState | null =>
  callbackState === null ? null : state.parse(JSON.parse(callbackState));
