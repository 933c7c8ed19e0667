import type { z } from 'zod';
import { DatabaseError, type Db } from '../../platform/db/index.ts';
import type { Sealing } from '../../platform/secrets/index.ts';
import { type CallbackState, callbackStateOf, callbackUrl, callbackUser, reporting } from '../callbacks/callback.ts';
import { connectCallbacks } from '../callbacks/connect.ts';
import type { OpeningDeps } from './open.ts';
import { type ProviderKind, settingsOf } from './settings.ts';
import {
  clearDefault,
  deleteProvider,
  insertProvider,
  providerById,
  providersOf,
  putCallbackState,
  type StoredProvider,
  updateProvider,
} from './store.ts';

/** What keeping suppliers' providers takes. `publicUrl`: undefined where nobody outside can reach this instance. */
export interface DirectoryDeps {
  readonly db: Db;
  readonly seal: Sealing;
  readonly opening: OpeningDeps;
  readonly publicUrl: string | undefined;
  readonly newKey: (prefix: string) => string;
  readonly hashKey: (key: string) => string;
  readonly now: () => number;
  readonly newId: () => string;
}

/** A provider as its operator sees it, without secrets. `createdAt` is ms UTC. */
export interface ProviderShown {
  readonly id: string;
  readonly kind: ProviderKind;
  readonly name: string;
  readonly sender: string | null;
  readonly isDefault: boolean;
  /** Those settings that are no secrets. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Null: it makes no reports. */
  readonly callbacks: CallbackState | null;
  readonly createdAt: number;
}

/** What a new provider's reports come with; shown this once. */
export interface CallbackAccess {
  readonly url: string;
  readonly username: string;
  readonly password: string;
}

/** A provider to be made; `settings` fit its kind. */
export interface NewProvider extends Pick<ProviderShown, 'kind' | 'name' | 'settings'> {
  readonly sender?: string | null | undefined;
  readonly isDefault?: boolean | undefined;
}

/** What changes of a provider; settings that are left out stay. */
export interface ProviderEdit {
  readonly name?: string | undefined;
  readonly settings?: Readonly<Record<string, unknown>> | undefined;
  readonly sender?: string | null | undefined;
  readonly isDefault?: boolean | undefined;
}

/** Why a provider cannot be as asked for, in a sentence that names the field. */
export interface ProviderRefused {
  readonly problem: string;
}

type Key = { readonly supplierId: string; readonly id: string };

/** The providers of suppliers. */
export interface ProviderDirectory {
  list(supplierId: string): Promise<ProviderShown[]>;
  add(
    supplierId: string,
    wanted: NewProvider,
  ): Promise<ProviderRefused | { readonly provider: ProviderShown; readonly callback: CallbackAccess | null }>;
  edit(key: Key, edit: ProviderEdit): Promise<ProviderRefused | ProviderShown | undefined>;
  /** False where there is none. */
  remove(key: Key): Promise<boolean>;
}

const taken: ProviderRefused = { problem: 'name: there is a provider of this name.' };

/** See `ProviderDirectory`. The first provider of a supplier is its default one. */
export function createDirectory(deps: DirectoryDeps): ProviderDirectory {
  const { db, seal, opening, newId, now } = deps;

  const shown = (stored: StoredProvider): ProviderShown => ({
    id: stored.id,
    kind: stored.kind,
    name: stored.name,
    sender: stored.sender,
    isDefault: stored.isDefault,
    settings: openSettings(stored.kind, JSON.parse(seal.open(stored.settings))),
    callbacks: callbackStateOf(stored),
    createdAt: stored.createdAt,
  });

  /** Stores what came of telling the provider where its reports go, after everything else about it is stored. */
  async function connected(stored: StoredProvider): Promise<StoredProvider> {
    if (!reporting.includes(stored.kind)) return stored;
    const callbackState = JSON.stringify(await connectCallbacks(stored, deps.publicUrl, opening));
    await putCallbackState(db, stored.id, callbackState);
    return { ...stored, callbackState };
  }

  return {
    list: async (supplierId) => (await providersOf(db.reader, supplierId)).map(shown),

    async add(supplierId, { kind, name, settings, sender = null, isDefault }) {
      const secret = reporting.includes(kind) ? { token: deps.newKey('cb'), password: deps.newKey('cp') } : null;
      const made = {
        id: newId(),
        supplierId,
        kind,
        name,
        settings: seal.seal(JSON.stringify(settings)),
        sender,
        revision: 1,
        callbackHash: secret === null ? null : deps.hashKey(secret.token),
        callbackSecret: secret === null ? null : seal.seal(JSON.stringify(secret)),
        callbackState: null,
        createdAt: now(),
      };
      const stored = await unlessTaken(
        db.transaction(async (tx) => {
          const first = (await providersOf(tx, supplierId)).length === 0;
          const one = { ...made, isDefault: isDefault ?? first };
          if (one.isDefault) await clearDefault(tx, supplierId);
          await insertProvider(tx, one);
          return one;
        }),
      );
      if (stored === 'taken') return taken;
      const callback = secret === null ? null : accessOf(deps.publicUrl, kind, secret);
      return { provider: shown(await connected(stored)), callback };
    },

    async edit(key, edit) {
      const before = await providerById(db, key);
      if (before === undefined) return undefined;
      const { settings: sealed, ...rest } = before;
      const merged = { ...JSON.parse(seal.open(sealed)), ...edit.settings };
      const settings = settingsOf[before.kind].safeParse(merged);
      if (!settings.success) return { problem: problemOf(settings.error) };
      const after: StoredProvider = {
        ...rest,
        name: edit.name ?? before.name,
        sender: edit.sender === undefined ? before.sender : edit.sender,
        isDefault: edit.isDefault ?? before.isDefault,
        settings: edit.settings === undefined ? sealed : seal.seal(JSON.stringify(settings.data)),
      };
      const changed = await unlessTaken(
        db.transaction(async (tx) => {
          if (after.isDefault) await clearDefault(tx, key.supplierId);
          return updateProvider(tx, after);
        }),
      );
      if (changed === 'taken') return taken;
      if (changed === 0) return { problem: 'It was changed by somebody else at the same time: try again.' };
      return shown(edit.settings === undefined ? after : await connected(after));
    },

    remove: async (key) => (await deleteProvider(db, key)) > 0,
  };
}

function accessOf(
  publicUrl: string | undefined,
  kind: ProviderKind,
  { token, password }: { readonly token: string; readonly password: string },
): CallbackAccess {
  return { url: callbackUrl(publicUrl ?? '', kind, token), username: callbackUser, password };
}

async function unlessTaken<T>(work: Promise<T>): Promise<T | 'taken'> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof DatabaseError && error.kind === 'unique') return 'taken';
    throw error;
  }
}

const problemOf = (error: z.ZodError): string =>
  error.issues.map(({ path, message }) => `${['settings', ...path].join('.')}: ${message}.`).join(' ');

/** Settings that are no secrets. */
function openSettings(kind: ProviderKind, settings: Readonly<Record<string, unknown>>): Record<string, unknown> {
  switch (kind) {
    case 'postmark':
      return { streams: settings.streams };
    case 'mailjet':
      return { sandbox: settings.sandbox };
    case 'smtp': {
      const url = new URL(String(settings.url));
      return { host: url.hostname, port: url.port === '' ? null : Number(url.port) };
    }
    case 'mailbox':
      return {};
  }
}
