import type { z } from 'zod';
import type { Outbound } from '../../platform/outbound/index.ts';
import type { Sealing } from '../../platform/secrets/index.ts';
import { mailjetProvider } from './mailjet.ts';
import { postmarkProvider } from './postmark.ts';
import type { MailProvider } from './provider.ts';
import { type ProviderKind, type settingsOf as schemas, settingsOf } from './settings.ts';
import { smtpProvider } from './smtp.ts';
import type { StoredProvider } from './store.ts';
import type { VendorDeps } from './vendor.ts';

/** What opening a provider takes. `mailbox` is the built-in one; `now` gives ms UTC. */
export interface OpeningDeps extends Omit<VendorDeps, 'pool' | 'outbound'> {
  readonly outbound: Pick<Outbound, 'post' | 'dial'>;
  readonly seal: Pick<Sealing, 'open'>;
  readonly mailbox: MailProvider;
}

/** The settings of a stored provider, which must be of that kind; throws when they cannot be opened. */
export function openedSettings<K extends ProviderKind>(
  { kind, settings }: Pick<StoredProvider, 'kind' | 'settings'>,
  of: K,
  seal: Pick<Sealing, 'open'>,
): z.infer<(typeof schemas)[K]> {
  if (kind !== of) throw new TypeError(`A provider of ${kind} has no settings of ${of}.`);
  return settingsOf[of].parse(JSON.parse(seal.open(settings))) as z.infer<(typeof schemas)[K]>;
}

/** How calls to a stored provider leave: over connections of its own. */
export const vendorDepsOf = ({ id }: Pick<StoredProvider, 'id'>, deps: OpeningDeps): VendorDeps => ({
  outbound: deps.outbound,
  pool: `email ${id}`,
  vendors: deps.vendors,
  limits: deps.limits,
  now: deps.now,
});

/** Opens a stored provider. */
export function openProvider(stored: StoredProvider, deps: OpeningDeps): MailProvider {
  const { seal } = deps;
  switch (stored.kind) {
    case 'postmark':
      return postmarkProvider(openedSettings(stored, 'postmark', seal), vendorDepsOf(stored, deps));
    case 'mailjet':
      return mailjetProvider(openedSettings(stored, 'mailjet', seal), vendorDepsOf(stored, deps));
    case 'smtp':
      return smtpProvider(openedSettings(stored, 'smtp', seal).url, deps.outbound.dial);
    case 'mailbox':
      return deps.mailbox;
  }
}
