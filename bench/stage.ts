import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BookingDocument } from '@carillon/contract';
import { type Changes, createChanges } from '../apps/server/src/changes/index.ts';
import { type Db, migrate, openPostgres, openSqlite, type Tx } from '../apps/server/src/platform/db/index.ts';
import { createIds } from '../apps/server/src/platform/ids/index.ts';
import { createLog } from '../apps/server/src/platform/log/index.ts';
import { createOutbound } from '../apps/server/src/platform/outbound/index.ts';
import { createSealing } from '../apps/server/src/platform/secrets/index.ts';
import { createSupplier, type Party, profileOf, seedSample } from '../apps/server/src/supplier/index.ts';
import {
  createEngine,
  createSubscriptions,
  newSigningSecret,
  owedListener,
} from '../apps/server/src/webhooks/index.ts';
import { administer, inDatabase, migrations } from '../apps/server/test/support/templates.ts';
import { nowMs } from './now.ts';

/** A database to measure on. `url` is of a Postgres server; without one it is SQLite. */
export interface Target {
  readonly name: 'SQLite' | 'Postgres';
  readonly url?: string;
  /** Opens a database that stays when the stage is closed. */
  readonly db?: () => Promise<Db>;
}

/** The engine at work on a fresh database with so many webhooks to the receiver. */
export interface Stage {
  readonly db: Db;
  /** Of the database; empty on SQLite. */
  readonly url: string;
  readonly webhooks: number;
  /** Makes so many holds, which no webhook hears of: the changes that `record` records are theirs. */
  prepare(bookings: number): Promise<void>;
  /** Confirms so many of the prepared holds in one transaction; resolves once committed. */
  record(bookings: number): Promise<void>;
  /** Attempts that have ended so far, those of them that the receiver did not accept, and outcomes that are stored. */
  readonly ended: { attempts: number; failed: number; settled: number };
  /** Statements that recording has sent so far; what `db.statements` counts beside them is the engine's. */
  readonly recording: { statements: number };
  /** Deliveries that were sent from memory, by id: when their transactions had committed, ms since the epoch, and to which URL. */
  readonly committed: Map<string, { readonly at: number; readonly url: string }>;
  close(): Promise<void>;
}

/** 10:00 in Hamburg on a day of the sample's season, for making the booking that is copied. */
const monday = Date.UTC(2026, 5, 1, 8);

/** The URLs of so many webhooks to one receiver. */
export function urlsOf(receiverUrl: string, webhooks: number): string[] {
  return Array.from({ length: webhooks }, (_, n) => `${receiverUrl}/${n}`);
}

/** The secret that a stage seals with. */
export const benchSecret = 'a secret for the time of a measurement';

/** Opens a stage with a webhook to each of the URLs. `sends: false`: it records, and others send. */
export async function openStage(
  target: Target,
  urls: readonly string[],
  { sends }: { readonly sends: boolean } = { sends: true },
): Promise<Stage> {
  const { db, url, drop } = await fresh(target);
  const now = Date.now;
  const newId = createIds({ now });
  await migrate(db, migrations, now);
  const { party, document } = await sample(db, newId);

  const sealing = createSealing([benchSecret]);
  const subscriptions = createSubscriptions({
    db,
    seal: sealing,
    now,
    newId,
    newSecret: newSigningSecret,
    async supplierPart(queryable, id) {
      return { ...(await profileOf(queryable, id)), endpoint: 'http://127.0.0.1/octo' };
    },
  });
  for (const each of urls) {
    await subscriptions.create(party, {
      event: 'booking_update',
      url: each,
      headers: {},
      capabilities: [],
      useContactLanguage: false,
      retryOnError: true,
    });
  }

  const outbound = createOutbound({ allow: ['127.0.0.0/8'] });
  const ended = { attempts: 0, failed: 0, settled: 0 };
  const engine = createEngine({
    db,
    outbound,
    seal: sealing,
    log: createLog({ level: 'warn' }),
    now,
    newId,
    random: Math.random,
    userAgent: 'Carillon-bench',
    alone: true,
    onAttempt({ settled }) {
      ended.attempts += 1;
      if (settled.state !== 'delivered') ended.failed += 1;
    },
    onBatch(kind, size) {
      if (kind === 'settle') ended.settled += size;
    },
  });
  const committed = new Map<string, { at: number; url: string }>();
  const sender: Parameters<typeof owedListener>[0]['sender'] = {
    ...engine,
    leasing() {
      const leasing = engine.leasing();
      return {
        take: leasing.take,
        offer(jobs) {
          const at = nowMs();
          for (const job of jobs) committed.set(job.deliveryId, { at, url: job.endpoint.url });
          leasing.offer(jobs);
        },
      };
    },
  };
  const changes = createChanges({ listeners: [owedListener({ db, sender, newId })], now, newId });
  const recording = { statements: 0 };
  if (sends) engine.start();
  const recorder = { db, changes, party, document, newId, recording, holds: [] };
  return {
    db,
    url,
    webhooks: urls.length,
    ended,
    recording,
    committed,
    prepare: (bookings) => prepare(recorder, bookings),
    record: (bookings) => record(recorder, bookings),
    async close() {
      await engine.stop(10_000);
      await outbound.close();
      await db.close();
      await drop();
    },
  };
}

let databases = 0;

/** A fresh, empty database on a target, and what drops it once it is closed. */
export async function fresh(target: Target): Promise<{ db: Db; url: string; drop: () => Promise<void> }> {
  const { url } = target;
  if (target.db !== undefined) return { db: await target.db(), url: '', drop: async () => undefined };
  if (url === undefined) {
    const directory = await mkdtemp(join(tmpdir(), 'carillon-bench-'));
    return {
      db: await openSqlite({ directory }),
      url: '',
      drop: () => rm(directory, { recursive: true, force: true }),
    };
  }
  databases += 1;
  const name = `carillon_bench_${process.pid}_${databases}`;
  await administer(url, `create database ${name} encoding 'UTF8' template template0`);
  const own = inDatabase(url, name);
  const db = await openPostgres({ url: own });
  return { db, url: own, drop: () => administer(url, `drop database ${name} with (force)`) };
}

/** A connection of the sample data, and a booking that it holds. */
async function sample(db: Db, newId: () => string): Promise<{ party: Party; document: BookingDocument }> {
  const now = (): number => monday;
  const keyHashes = { website: 'a'.repeat(64), reseller: 'b'.repeat(64) };
  const { products } = await seedSample(db, { now, newId, keyHashes });
  const supplier = createSupplier({ db, changes: createChanges({ listeners: [], now, newId }), now, newId });
  const party = await supplier.connectionOf(keyHashes.website);
  if (party === undefined) throw new Error('the sample has no connection');
  const { productId, optionId, units } = products.cruise;
  const unitItems = [{ unitId: units.ADULT ?? '' }];
  const availabilityId = '2026-06-10T14:00:00+02:00';
  const held = await supplier.reserve(party, { productId, optionId, availabilityId, unitItems, testMode: false });
  if (!held.ok) throw new Error(`the sample's cruise cannot be booked: ${JSON.stringify(held.refusal)}`);
  return { party, document: held.value };
}

interface Recorder {
  readonly db: Db;
  readonly changes: Changes;
  readonly party: Party;
  /** The hold that the prepared ones are copies of. */
  readonly document: BookingDocument;
  readonly newId: () => string;
  readonly recording: { statements: number };
  /** Prepared and not recorded yet. */
  readonly holds: string[];
}

async function prepare({ db, changes, party, document, newId, holds }: Recorder, bookings: number): Promise<void> {
  const { supplierId, connectionId } = party;
  for (let left = bookings; left > 0; left -= 100) {
    await db.transaction(async (tx) => {
      const made = Array.from({ length: Math.min(left, 100) }, () => {
        const uuid = newId();
        const held = {
          supplierId,
          type: 'booking_update' as const,
          id: uuid,
          document: null,
          position: 0,
          eventId: null,
        };
        return { held, connectionId, after: { ...document, id: uuid, uuid } };
      });
      await changes.record(tx, made);
      holds.push(...made.map(({ after }) => after.uuid));
    });
  }
}

async function record({ db, changes, party, recording, holds }: Recorder, bookings: number): Promise<void> {
  const { supplierId, connectionId } = party;
  const uuids = holds.splice(0, bookings);
  if (uuids.length < bookings) throw new Error('more is recorded than was prepared');
  const utc = new Date().toISOString();
  await db.transaction(async (whole) => {
    const tx = counted(whole, recording);
    const held = await changes.hold(
      tx,
      uuids.map((id) => ({ supplierId, type: 'booking_update' as const, id })),
    );
    const confirmed = { status: 'CONFIRMED' as const, utcConfirmedAt: utc, utcUpdatedAt: utc, utcExpiresAt: null };
    await changes.record(
      tx,
      held.flatMap((one) =>
        one.document === null ? [] : [{ held: one, connectionId, after: { ...one.document, ...confirmed } }],
      ),
    );
  });
}

function counted(tx: Tx, counter: { statements: number }): Tx {
  return {
    dialect: tx.dialect,
    all(...call) {
      counter.statements += 1;
      return tx.all(...call);
    },
    run(...call) {
      counter.statements += 1;
      return tx.run(...call);
    },
    send(...call) {
      counter.statements += 1;
      tx.send(...call);
    },
    afterCommit: (hook) => tx.afterCommit(hook),
  };
}
