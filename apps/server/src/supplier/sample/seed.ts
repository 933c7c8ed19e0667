import { randomBytes } from 'node:crypto';
import { noBrand } from '@carillon/contract';
import { createChanges } from '../../changes/index.ts';
import type { Db } from '../../platform/db/index.ts';
import { productDocument } from '../catalogue/product.ts';
import { editProduct } from '../catalogue/save.ts';
import { insertConnection, insertSupplier } from '../parties/store.ts';
import type { Connection, SupplierProfile } from '../party.ts';
import { done } from '../refusal.ts';
import { cruise } from './cruise.ts';
import { museum } from './museum.ts';
import { riddle } from './riddle.ts';
import { rowing } from './rowing.ts';
import { anySupplier, setConnectionKey } from './store.ts';
import { text } from './text.ts';

/** What the sample data are made with. `now` gives ms UTC. */
export interface SampleOptions {
  readonly now: () => number;
  readonly newId: () => string;
  /**
   * SHA-256 in hex of the API keys that the connections are to have, also those that were made before. Without one a
   * connection keeps the key that it has; a new one then has none that anybody knows.
   */
  readonly keyHashes: { readonly website?: string | undefined; readonly reseller?: string | undefined };
  /** How long a hold lasts; half an hour unless given. */
  readonly holdSeconds?: number;
  /** How long an e-mail waits for what else happens to its order; five seconds unless given. */
  readonly settlingMs?: number;
}

/** The sample data, by the ids that a tour of them names. Products, options and units always have the same ids. */
export interface Sample {
  /** False when there was a supplier already: then nothing was made. */
  readonly made: boolean;
  readonly supplierId: string;
  /** Undefined when nothing was made. */
  readonly connections: { readonly website: Connection; readonly reseller: Connection } | undefined;
  readonly products: Readonly<Record<'cruise' | 'museum' | 'riddle' | 'rowing', SampleProduct>>;
}

/** A product of the sample data with its only option, and its units by their type. */
export interface SampleProduct {
  readonly productId: string;
  readonly optionId: string;
  readonly units: Readonly<Record<string, string>>;
}

const supplierId = 'c0000000-0000-4000-8000-000000000001';

function idsOf(definition: typeof cruise): SampleProduct {
  const [option] = productDocument(definition).options;
  const units = (option?.units ?? []).map((unit) => [unit.type, unit.id] as const);
  return { productId: definition.id, optionId: option?.id ?? '', units: Object.fromEntries(units) };
}

function supplierOf(options: SampleOptions): SupplierProfile {
  return {
    id: supplierId,
    document: {
      id: supplierId,
      name: 'Elbe & Lantern',
      contact: {
        website: 'https://elbe-lantern.example',
        email: 'hello@elbe-lantern.example',
        telephone: '+49 40 5550 147',
        address: 'Lotsenkai 7, 20457 Hamburg, Germany',
      },
      shortDescription: text(
        'Boat tours and a museum at the harbour of Hamburg.',
        'Bootstouren und ein Museum am Hamburger Hafen.',
        'Paseos en barco y un museo en el puerto de Hamburgo.',
      ),
      media: [],
    },
    language: 'en',
    languages: ['en', 'de', 'es'],
    timeZone: 'Europe/Berlin',
    holdSeconds: options.holdSeconds ?? 1_800,
    settlingMs: options.settlingMs ?? 5_000,
    checkoutUrl: 'https://elbe-lantern.example/book',
    brand: noBrand,
  };
}

/** A hash that is that of no key that anybody has. */
const noKeyHash = () => randomBytes(32).toString('hex');

/**
 * Fills an empty database with a supplier, four products (one with start times and plenty of room, one with opening hours, one
 * priced per booking in three currencies, one with ten places and a departure that is sold out) and two connections. When there is a supplier already it makes nothing,
 * and only sees to the keys. What it makes is there all at once; its events are recorded, but nobody listens yet.
 */
export async function seedSample(db: Db, options: SampleOptions): Promise<Sample> {
  const changes = createChanges({ listeners: [], now: options.now, newId: options.newId });
  const website: Connection = {
    supplierId,
    connectionId: options.newId(),
    name: 'Own website',
    kind: 'website',
    emails: true,
    hears: 'own',
  };
  const reseller: Connection = {
    supplierId,
    connectionId: options.newId(),
    name: 'City Pass Reseller',
    kind: 'reseller',
    emails: false,
    hears: 'own',
  };
  const made = await db.transaction(async (tx) => {
    if (await anySupplier(tx)) {
      for (const { kind } of [website, reseller]) {
        const keyHash = options.keyHashes[kind];
        if (keyHash !== undefined) await setConnectionKey(tx, { supplierId, kind }, keyHash);
      }
      return false;
    }
    const now = options.now();
    await insertSupplier(tx, supplierOf(options), now);
    for (const connection of [website, reseller]) {
      await insertConnection(tx, connection, options.keyHashes[connection.kind] ?? noKeyHash(), now);
    }
    for (const product of [cruise, museum, riddle, rowing]) {
      const saved = await editProduct({ tx, changes, supplierId, now }, product.id, () => done(product));
      if (!saved.ok) throw new Error(`The sample product ${product.internalName} is refused: ${JSON.stringify(saved)}`);
    }
    return true;
  });
  return {
    made,
    supplierId,
    connections: made ? { website, reseller } : undefined,
    products: { cruise: idsOf(cruise), museum: idsOf(museum), riddle: idsOf(riddle), rowing: idsOf(rowing) },
  };
}
