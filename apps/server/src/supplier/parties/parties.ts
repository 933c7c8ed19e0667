import type { Db, Tx } from '../../platform/db/index.ts';
import type { Connection, SupplierListed, SupplierProfile, SupplierState } from '../party.ts';
import { done, type Result } from '../refusal.ts';
import {
  allSuppliers,
  deleteConnection,
  insertConnection,
  insertSupplier,
  lockSupplier,
  rotateConnectionKey,
  setSupplierState,
  supplierById,
  supplierConnections,
  updateConnection,
  updateSupplier,
} from './store.ts';

/** A supplier as its operator sets it: all but its id. */
export type SupplierSettings = Omit<SupplierProfile, 'id' | 'document'> & {
  readonly document: Omit<SupplierProfile['document'], 'id'>;
};

/** A connection as its supplier sets it. */
export type ConnectionSettings = Pick<Connection, 'name' | 'kind' | 'emails' | 'hears'>;

/** What may be changed of a connection; what is left out or undefined stays as it is. */
export interface ConnectionChanges {
  readonly name?: string | undefined;
  readonly emails?: boolean | undefined;
}

/** Makes, changes and ends suppliers and their connections. What is ended stays stored, and lets nobody in. */
export interface Parties {
  /** Every supplier of the instance that is not deleted, oldest first. */
  list(): Promise<readonly SupplierListed[]>;
  /** Undefined: there is no such supplier, or it is deleted. */
  get(supplierId: string): Promise<SupplierListed | undefined>;
  /** `along` is carried out in the same transaction. */
  create(settings: SupplierSettings, along: (tx: Tx, supplierId: string) => Promise<void>): Promise<SupplierListed>;
  /** Stores what `change` makes of the supplier as it is, its row locked, unless that is refused. Undefined: there is none. */
  edit(
    supplierId: string,
    change: (current: SupplierListed) => Result<SupplierSettings>,
  ): Promise<Result<SupplierListed> | undefined>;
  /** Suspends, resumes or deletes a supplier; `along` is carried out in the same transaction. Undefined: there is none. */
  setState(
    supplierId: string,
    state: SupplierState,
    along: (tx: Tx) => Promise<void>,
  ): Promise<SupplierListed | undefined>;
  connections(supplierId: string): Promise<readonly Connection[]>;
  /** `keyHash` is the SHA-256 of the API key that it is to have, in hex. */
  connect(supplierId: string, settings: ConnectionSettings, keyHash: string): Promise<Connection>;
  /** Changes what is given of a connection. Undefined: there is no such connection. */
  editConnection(
    connection: Pick<Connection, 'supplierId' | 'connectionId'>,
    changes: ConnectionChanges,
  ): Promise<Connection | undefined>;
  /** Gives a connection another key; the one before lets nobody in from now on. False: there is no such connection. */
  rotateKey(connection: Pick<Connection, 'supplierId' | 'connectionId'>, keyHash: string): Promise<boolean>;
  /** False: there is no such connection. `along` is carried out in the same transaction. */
  disconnect(
    connection: Pick<Connection, 'supplierId' | 'connectionId'>,
    along: (tx: Tx) => Promise<void>,
  ): Promise<boolean>;
}

/** See `Parties`. `now` gives ms UTC. */
export function createParties(deps: {
  readonly db: Db;
  readonly now: () => number;
  readonly newId: () => string;
}): Parties {
  const { db, now, newId } = deps;
  return {
    list: () => allSuppliers(db.reader),
    async get(supplierId) {
      const found = await supplierById(db.reader, supplierId);
      return found?.state === 'deleted' ? undefined : found;
    },
    async create(settings, along) {
      const createdAt = now();
      const supplier = profileFrom(newId(), settings);
      await db.transaction(async (tx) => {
        await insertSupplier(tx, supplier, createdAt);
        await along(tx, supplier.id);
      });
      return { ...supplier, state: 'active', createdAt };
    },
    edit: (supplierId, change) =>
      db.transaction(async (tx) => {
        const before = await lockSupplier(tx, supplierId);
        if (before === undefined) return undefined;
        const changed = change(before);
        if (!changed.ok) return changed;
        const after = profileFrom(supplierId, changed.value);
        await updateSupplier(tx, after);
        return done({ ...after, state: before.state, createdAt: before.createdAt });
      }),
    setState: (supplierId, state, along) =>
      db.transaction(async (tx) => {
        const before = await lockSupplier(tx, supplierId);
        if (before === undefined) return undefined;
        await setSupplierState(tx, supplierId, state);
        await along(tx);
        return { ...before, state };
      }),
    connections: (supplierId) => supplierConnections(db.reader, supplierId),
    async connect(supplierId, settings, keyHash) {
      const connection: Connection = { supplierId, connectionId: newId(), ...settings };
      await db.transaction((tx) => insertConnection(tx, connection, keyHash, now()));
      return connection;
    },
    editConnection: (connection, changes) => updateConnection(db, connection, changes),
    rotateKey: (connection, keyHash) =>
      db.transaction(async (tx) => (await rotateConnectionKey(tx, connection, keyHash)) > 0),
    disconnect: (connection, along) =>
      db.transaction(async (tx) => {
        if ((await deleteConnection(tx, connection, now())) === 0) return false;
        await along(tx);
        return true;
      }),
  };
}

function profileFrom(id: string, { document, ...settings }: SupplierSettings): SupplierProfile {
  const { languages, language, timeZone, holdSeconds, settlingMs, checkoutUrl, brand } = settings;
  return {
    id,
    document: { id, ...withoutId(document) },
    language,
    languages,
    timeZone,
    holdSeconds,
    settlingMs,
    checkoutUrl,
    brand,
  };
}

function withoutId(document: SupplierSettings['document']): SupplierSettings['document'] {
  const { name, contact, shortDescription, media } = document;
  return { name, contact, shortDescription, media };
}
