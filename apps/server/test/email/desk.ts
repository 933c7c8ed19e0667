import { randomUUID } from 'node:crypto';
import { type BookingDocument, noBrand, type OrderDocument } from '@carillon/contract';
import { type ParsedMail, simpleParser } from 'mailparser';
import { createChanges } from '../../src/changes/index.ts';
import {
  createRenderer,
  type FinishedMessage,
  type MailProvider,
  type MessageRecord,
  mailboxProvider,
  messageListener,
  messageWork,
  recoveryTokens,
  type SupplierProfile,
  type Suppliers,
  searchMessages,
  seedCampaigns,
  type Vendors,
  visitWork,
} from '../../src/email/index.ts';
import type { Db, Queryable, Tx } from '../../src/platform/db/index.ts';
import { createSealing } from '../../src/platform/secrets/index.ts';
import { mailStack } from './mail-stack.ts';

let ids = 0;

/** An id that sorts by time, and after those made before it in this process. */
export function newId(): string {
  ids += 1;
  return `${Date.now().toString(16).padStart(12, '0')}-${String(ids).padStart(8, '0')}-${randomUUID()}`;
}

export const supplierId = 'harbour';
const website = 'website';
const reseller = 'reseller';

/** A supplier whose messages settle for ten seconds. */
export const profile: SupplierProfile = {
  document: {
    name: 'Harbour Tours',
    contact: {
      website: 'https://harbour.example',
      email: 'hello@harbour.example',
      telephone: '+49 40 123 45 67',
      address: 'Landungsbrücken 4\n20359 Hamburg',
    },
  },
  language: 'en',
  languages: ['en', 'de', 'es'],
  timeZone: 'Europe/Berlin',
  settlingMs: 10_000,
  checkoutUrl: 'https://harbour.example/book',
  brand: noBrand,
};

/** Stores a supplier with a website (e-mails on), a reseller (e-mails off) and the default campaigns. */
async function insertSupplier(db: Db): Promise<void> {
  await db.run(
    `insert into suppliers
       (id, document, language, languages, time_zone, hold_seconds, settling_ms, checkout_url, created_at)
     values ($1, '{}', 'en', '["en","de","es"]', 'Europe/Berlin', 1800, 10000, null, 0)`,
    [supplierId],
  );
  for (const [id, kind, emails] of [
    [website, 'website', 1],
    [reseller, 'reseller', 0],
  ] as const) {
    await db.run(
      `insert into connections (id, supplier_id, name, kind, emails, key_hash, created_at) values ($1, $2, $1, $3, $4, $1, 0)`,
      [id, supplierId, kind, emails],
    );
  }
  await seedCampaigns(db, supplierId, { now: () => 0, newId });
}

const suppliers = (changed: Partial<SupplierProfile> = {}): Suppliers => ({
  profile: async (db: Queryable, id) => {
    const [row] = await db.all<{ document: string }>('select document from suppliers where id = $1', [id]);
    if (row?.document !== '{}') throw new Error(`the supplier is ${row?.document}`);
    return { ...profile, ...changed };
  },
  connection: async (db: Queryable, id) => {
    const [row] = await db.all<{ emails: number }>('select emails from connections where id = $1', [id]);
    return { emails: row?.emails === 1 };
  },
});

/** What a test may set; the rest is as in production, with the built-in mailbox. */
export interface DeskOptions {
  readonly profile?: Partial<SupplierProfile>;
  readonly provider?: MailProvider;
  /** Where Postmark and Mailjet are. */
  readonly vendors?: Partial<Vendors>;
  readonly leaseMs?: number;
  readonly atOnce?: number;
  readonly ofOneSupplier?: number;
  /** Another node of the same installation: the supplier is there already. */
  readonly second?: boolean;
  /** The clock of another desk, or one of its own; ms UTC. */
  readonly clock?: { now: number };
}

export type Desk = Awaited<ReturnType<typeof createDesk>>;

/** E-mail as the server puts it together, on a clock that the test moves. */
export async function createDesk(db: Db, options: DeskOptions = {}) {
  if (!options.second) await insertSupplier(db);
  const clock = options.clock ?? { now: Date.parse('2026-11-23T10:00:00Z') };
  const now = () => clock.now;
  const notified = { times: 0 };
  const finished: FinishedMessage[] = [];
  const failures: unknown[] = [];
  const known = suppliers(options.profile);
  const notify = () => {
    notified.times += 1;
    db.notify('messages');
  };
  const tokens = recoveryTokens(createSealing(['a secret for tests of e-mail']));
  const visits = visitWork({ db, notify, now, newId });
  const listener = messageListener({ suppliers: known, notify, recoveryTokens: tokens, now, newId });
  const changes = createChanges({ listeners: [listener], now, newId });
  const quiet = createChanges({ listeners: [], now, newId });
  const instance = options.provider ?? mailboxProvider({ db, now, newId });
  const stack = mailStack(db, { instance, vendors: options.vendors ?? {}, now, newId });
  const work = messageWork({
    db,
    changes,
    suppliers: known,
    render: createRenderer({ sender: 'tickets@carillon.example' }),
    routes: stack.routes,
    unsubscribeUrl: stack.unsubscribing.url,
    recoveryToken: tokens.of,
    host: 'carillon.example',
    leaseMs: options.leaseMs ?? 60_000,
    atOnce: options.atOnce ?? 4,
    ofOneSupplier: options.ofOneSupplier ?? options.atOnce ?? 4,
    now,
    newId,
    random: () => 0.5,
    finished: (message) => finished.push(message),
    failed: (_, error) => failures.push(error),
  });

  type Document = BookingDocument | OrderDocument;
  async function record(
    recorder: typeof changes,
    connectionId: string | null,
    tx: Tx,
    documents: readonly Document[],
  ): Promise<void> {
    const subjects = documents.map((document) => ({
      supplierId,
      type: 'uuid' in document ? ('booking_update' as const) : ('order_update' as const),
      id: 'uuid' in document ? document.uuid : document.id,
    }));
    const held = await Promise.all(subjects.map(async (subject) => (await recorder.hold(tx, [subject]))[0]!));
    await recorder.record(
      tx,
      documents.map((after, index) => ({ held: held[index]!, connectionId, after })),
    );
  }
  const recordWith =
    (recorder: typeof changes, connectionId: string | null) =>
    (...documents: readonly Document[]): Promise<void> =>
      db.transaction((tx) => record(recorder, connectionId, tx, documents));

  return {
    db,
    clock,
    stack,
    notified,
    finished,
    failures,
    work,
    /** Where e-mail reads. */
    sources: { changes, suppliers: known },
    /** Opens the messages by the time of visits whose moment has come, and lets what is due leave. */
    async visits(): Promise<void> {
      await visits();
      await this.run();
    },
    /** Changes bookings of the website, or their order, in one transaction. */
    happens: recordWith(changes, website),
    /** The same in a transaction that is still open. */
    happensIn: (tx: Tx, ...documents: readonly Document[]) => record(changes, website, tx, documents),
    /** The same for the reseller's. */
    happensAtReseller: recordWith(changes, reseller),
    /** The same without e-mail hearing of it. */
    happensUnheard: recordWith(quiet, website),
    /** Lets every due message leave. */
    async run(): Promise<void> {
      await work();
      if (failures.length > 0) throw failures[0];
    },
    /** Waits until the settling window is over, and lets every due message leave. */
    async settle(): Promise<void> {
      clock.now += profile.settlingMs;
      await this.run();
    },
    messages: (): Promise<MessageRecord[]> => searchMessages(db, { supplierId, limit: 100 }),
    /** The e-mails in the mailbox, the oldest first. */
    async mails(): Promise<ParsedMail[]> {
      const rows = await db.all<{ raw: string }>('select raw from mails order by received_at, id');
      return Promise.all(rows.map(({ raw }) => simpleParser(raw)));
    },
    async subjects(): Promise<(string | undefined)[]> {
      return (await this.mails()).map(({ subject }) => subject);
    },
  };
}

/** Bookings as they are stored before a test begins: nobody hears of it. */
export async function given(desk: Desk, ...documents: readonly (BookingDocument | OrderDocument)[]): Promise<void> {
  await desk.happensUnheard(...documents);
}
