import type { Queryable } from '../../platform/db/index.ts';
import type { MailProvider } from './provider.ts';
import { providerById, providersOf, type StoredProvider } from './store.ts';

/** Through which provider an e-mail goes. */
export interface MailRoute {
  readonly provider: MailProvider;
  /** Null: it is the instance's. */
  readonly providerId: string | null;
  /** Null: that of the instance. */
  readonly sender: string | null;
}

/** Knows the provider of each e-mail. */
export interface MailRoutes {
  /** The wanted one of a supplier, else its default one; the instance's where it has none. */
  of(db: Queryable, supplierId: string, wantedId?: string | null): Promise<MailRoute>;
  /** The one that a message was handed to; undefined when it is gone. */
  handedTo(
    db: Queryable,
    message: { readonly supplierId: string; readonly provider: string; readonly providerId: string | null },
  ): Promise<MailProvider | undefined>;
  /** Closes those that it opened; that of the instance is its owner's. */
  close(): Promise<void>;
}

/** Providers that are kept open; more are opened anew each time that their turn comes. */
const mostOpen = 1000;

/** Keeps suppliers' providers open, each until it is changed. */
export function createRoutes(deps: {
  readonly instance: MailProvider;
  readonly open: (stored: StoredProvider) => MailProvider;
}): MailRoutes {
  const { instance, open } = deps;
  const opened = new Map<string, { readonly revision: number; readonly provider: MailProvider }>();

  function openedOf(stored: StoredProvider): MailProvider {
    const known = opened.get(stored.id);
    if (known?.revision === stored.revision) return known.provider;
    const provider = open(stored);
    opened.set(stored.id, { revision: stored.revision, provider });
    void known?.provider.close();
    for (const [id, oldest] of opened) {
      if (opened.size <= mostOpen) break;
      opened.delete(id);
      void oldest.provider.close();
    }
    return provider;
  }

  return {
    async of(db, supplierId, wantedId = null) {
      const all = await providersOf(db, supplierId);
      const stored = all.find(({ id }) => id === wantedId) ?? all.find(({ isDefault }) => isDefault);
      if (stored === undefined) return { provider: instance, providerId: null, sender: null };
      return { provider: openedOf(stored), providerId: stored.id, sender: stored.sender };
    },
    async handedTo(db, { supplierId, provider, providerId }) {
      if (providerId === null) return instance.name === provider ? instance : undefined;
      const stored = await providerById(db, { supplierId, id: providerId });
      return stored === undefined ? undefined : openedOf(stored);
    },
    async close() {
      await Promise.all([...opened.values()].map(({ provider }) => provider.close()));
    },
  };
}
