import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Db } from '../../src/platform/db/index.ts';
import { createReconciliation, type FaultKind, type Range } from '../../src/webhooks/index.ts';
import { onEachEngine } from '../support/databases.ts';
import { runs } from '../support/scale.ts';
import { allIn, openings } from './stage.ts';

const supplierId = 'supplier';
const range: Range = { supplierId, from: 0, to: 1_000_000 };
const day = 86_400_000;

/** What a delivery came to, as the engine may leave it. */
type Course = 'pending' | 'retrying' | 'held' | 'delivered' | 'gave_up' | 'cancelled' | 'again' | 'leased';
const courses: readonly Course[] = [
  'pending',
  'retrying',
  'held',
  'delivered',
  'gave_up',
  'cancelled',
  'again',
  'leased',
];

/** A history: what each of two webhooks was owed of each event, by subject. */
interface Owed {
  readonly subject: number;
  readonly at: number;
  readonly courses: readonly (Course | null)[];
}

const history = fc.array(
  fc.record({
    subject: fc.nat(2),
    at: fc.nat(5),
    courses: fc.tuple(
      ...['w1', 'w2'].map(() => fc.option(fc.constantFrom(...courses), { freq: 4 })),
    ) as unknown as fc.Arbitrary<readonly (Course | null)[]>,
  }),
  { minLength: 1, maxLength: 12 },
);

const isOpen = (course: Course) => !['delivered', 'gave_up', 'cancelled'].includes(course);

interface Row {
  readonly id: string;
  readonly webhook: string;
  readonly event: string;
  readonly view: string;
  readonly lane: string;
  readonly position: number;
  readonly course: Course;
  readonly isHead: boolean;
  readonly at: number;
}

/** The deliveries of a history, in the order of their positions. */
function rowsOf(owed: readonly Owed[]): Row[] {
  const rows: Row[] = [];
  const open = new Set<string>();
  owed.forEach(({ subject, at, courses }, index) => {
    courses.forEach((course, webhook) => {
      if (course === null) return;
      const lane = `booking_update/b${subject}`;
      const key = `${webhook} ${lane}`;
      const isHead = isOpen(course) ? !open.has(key) : true;
      if (isOpen(course)) open.add(key);
      const event = `e${String(index).padStart(3, '0')}`;
      const id = `d-${event}-${webhook}`;
      rows.push({
        id,
        webhook: `w${webhook + 1}`,
        event,
        view: `v-${event}`,
        lane,
        position: index + 1,
        course,
        isHead,
        at,
      });
    });
  });
  return rows;
}

const states: Readonly<Record<Course, string>> = {
  pending: 'pending',
  retrying: 'pending',
  leased: 'pending',
  again: 'pending',
  held: 'held',
  delivered: 'delivered',
  gave_up: 'gave_up',
  cancelled: 'cancelled',
};

async function store(db: Db, owed: readonly Owed[]): Promise<Row[]> {
  const rows = rowsOf(owed);
  await db.transaction(async (tx) => {
    for (const table of ['deliveries', 'views', 'events']) tx.send(`delete from ${table}`);
    owed.forEach(({ subject, at }, index) => {
      tx.send(
        `insert into events (id, supplier_id, type, subject_id, position, after, created_at)
         values ($1, $2, 'booking_update', $3, $4, '{}', $5)`,
        [`e${String(index).padStart(3, '0')}`, supplierId, `b${subject}`, index + 1, at],
      );
    });
    for (const [view, sharing] of Map.groupBy(rows, (row) => row.view)) {
      tx.send(`insert into views (id, event_id, owed, language, body) values ($1, $2, $3, 'en', 'body')`, [
        view,
        sharing[0]?.event ?? '',
        sharing.length,
      ]);
    }
    for (const row of rows) {
      const ended = !isOpen(row.course);
      tx.send(
        `insert into deliveries (id, supplier_id, webhook_id, webhook_version_id, event_id, view_id, lane, position, state, reason,
                                 is_head, step, due_at, lease_token, lease_until, created_at, ended_at, arrived_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0, $13, ${row.course === 'leased' ? `${tx.dialect.nowMs} + 60000` : '0'},
                 $14, $15, $16)`,
        [
          row.id,
          supplierId,
          row.webhook,
          `n-${row.webhook}`,
          row.event,
          row.view,
          row.lane,
          row.position,
          states[row.course],
          ['gave_up', 'cancelled', 'held'].includes(row.course) ? 'why' : null,
          Number(row.isHead),
          ['retrying', 'delivered', 'gave_up'].includes(row.course) ? 2 : 0,
          row.course === 'leased' ? 'somebody' : null,
          row.at,
          ended ? row.at + 1 : null,
          row.course === 'again' ? row.at + 1 : null,
        ],
      );
    }
  });
  return rows;
}

/** What can be broken of a delivery, and whether it can be of this one. */
const breaks: Readonly<Record<FaultKind, readonly [sql: string, of: (row: Row, rows: readonly Row[]) => boolean]>> = {
  lost: ['delete from deliveries where id = $1', () => true],
  no_head: ['update deliveries set is_head = 0 where id = $1', (row) => isOpen(row.course) && row.isHead],
  no_webhook: [`update deliveries set webhook_id = 'nobody', is_head = 1 where id = $1`, (row) => isOpen(row.course)],
  no_body: ['delete from views where id = (select view_id from deliveries where id = $1)', (row) => isOpen(row.course)],
  leased: [`update deliveries set lease_until = ${Date.now() + 40 * day} where id = $1`, (row) => isOpen(row.course)],
  no_end: ['update deliveries set ended_at = null where id = $1', (row) => !isOpen(row.course)],
  no_reason: [
    'update deliveries set reason = null where id = $1',
    (row) => ['gave_up', 'cancelled'].includes(row.course),
  ],
  no_attempt: ['update deliveries set step = 0 where id = $1', (row) => row.course === 'delivered'],
};

onEachEngine('reconciliation', (open) => {
  async function ledger() {
    const db = await open();
    await db.run(
      `insert into suppliers (id, document, language, languages, time_zone, hold_seconds, settling_ms, created_at)
       values ($1, '{}', 'en', '["en"]', 'UTC', 1, 0, 1)`,
      [supplierId],
    );
    await db.run(
      `insert into connections (id, supplier_id, name, kind, key_hash, emails, created_at) values ('c', $1, 'c', 'website', 'h', 0, 0)`,
      [supplierId],
    );
    for (const id of ['w1', 'w2']) {
      await db.run(
        `insert into webhooks (id, supplier_id, connection_id, event, url, headers, capabilities, use_contact_language, retry_on_error,
                               language, signing_secret, revision, state, created_at, updated_at)
         values ($1, $2, 'c', 'booking_update', 'https://x.example/', '', '[]', 0, 1, 'en', '', 1, 'active', 0, 0)`,
        [id, supplierId],
      );
      await db.run(
        `insert into webhook_versions (id, webhook_id, language, body, is_current) values ($1, $2, 'en', '', 1)`,
        [`n-${id}`, id],
      );
    }
    return { db, reconciliation: createReconciliation({ db, stretch: 3 }) };
  }

  it('accounts for every delivery of any history, each once', async () => {
    const { db, reconciliation } = await ledger();
    await fc.assert(
      fc.asyncProperty(history, async (owed) => {
        const rows = await store(db, owed);
        const report = await reconciliation.report(range);
        expect(report.faults).toEqual([]);
        const count = (wanted: readonly Course[], of = rows) =>
          of.filter(({ course }) => wanted.includes(course)).length;
        const tally = (of: readonly Row[]) => ({
          owed: of.length,
          delivered: count(['delivered', 'again'], [...of]),
          pending: count(['pending', 'retrying', 'leased'], [...of]),
          held: count(['held'], [...of]),
          gaveUp: count(['gave_up'], [...of]),
          cancelled: count(['cancelled'], [...of]),
        });
        expect(report).toMatchObject({ unaccounted: 0, events: owed.length, ...tally(rows) });
        for (const webhook of ['w1', 'w2']) {
          const own = rows.filter((row) => row.webhook === webhook);
          const found = report.webhooks.find(({ webhookId }) => webhookId === webhook);
          if (own.length > 0)
            expect(found).toMatchObject({ url: 'https://x.example/', state: 'active', ...tally(own) });
          else expect(found).toBeUndefined();
        }
      }),
      { numRuns: runs(25) },
    );
  });

  it.each(Object.keys(breaks) as FaultKind[])('finds what is wrong: %s', async (kind) => {
    const { db, reconciliation } = await ledger();
    const [sql, of] = breaks[kind];
    await fc.assert(
      fc.asyncProperty(history, fc.nat(), async (owed, chosen) => {
        const rows = await store(db, owed);
        const breakable = rows.filter((row) => of(row, rows));
        const row = breakable[chosen % Math.max(1, breakable.length)];
        if (row === undefined) return;
        await db.run(sql, [row.id]);
        const { faults, unaccounted } = await reconciliation.report(range);
        expect(unaccounted).toBe(faults.length);
        expect(unaccounted).toBeGreaterThan(0);
        const found = faults.filter((fault) => fault.kind === kind);
        if (kind === 'lost') expect(found).toMatchObject([{ eventId: row.event, count: 1, deliveryId: null }]);
        else expect(found.map((fault) => fault.deliveryId)).toContain(row.id);
      }),
      { numRuns: runs(12) },
    );
  });

  it('lists what has not arrived, page by page, in the order in which it became owed', async () => {
    const { db, reconciliation } = await ledger();
    await fc.assert(
      fc.asyncProperty(history, fc.integer({ min: 1, max: 4 }), async (owed, limit) => {
        const rows = await store(db, owed);
        const listed: string[] = [];
        let after: Parameters<typeof reconciliation.undelivered>[1] = null;
        do {
          const page = await reconciliation.undelivered(range, after, limit);
          expect(page.undelivered.length).toBeLessThanOrEqual(limit);
          listed.push(...page.undelivered.map(({ id }) => id));
          after = page.next;
        } while (after !== null);
        const wanted = rows
          .filter(({ course }) => course !== 'delivered' && course !== 'again')
          .toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
        expect(listed).toEqual(wanted.map(({ id }) => id));
      }),
      { numRuns: runs(15) },
    );
  });

  it('looks at no more than its range, and at no other supplier', async () => {
    const { db, reconciliation } = await ledger();
    const at = (at: number): Owed => ({ subject: 0, at, courses: ['delivered', 'delivered'] });
    await store(db, [at(1), at(2), at(3)]);
    await db.run(`delete from deliveries where event_id = 'e000'`);
    expect(await reconciliation.report({ ...range, from: 2, to: 3 })).toMatchObject({
      events: 1,
      owed: 2,
      unaccounted: 0,
    });
    expect(await reconciliation.report({ ...range, from: 1, to: 3 })).toMatchObject({
      events: 2,
      owed: 2,
      unaccounted: 2,
    });
    expect(await reconciliation.report({ ...range, from: 4 })).toMatchObject({ events: 0, owed: 0, unaccounted: 0 });
    expect(await reconciliation.report({ ...range, supplierId: 'another' })).toMatchObject({ events: 0, owed: 0 });
  });
});

onEachEngine('reconciliation of what the engine did', (open) => {
  const { stage: stageOn, receiver: receiverOf } = openings();

  it('misses a delivery that is lost, whichever webhook it was for', async () => {
    const stage = await stageOn(await open());
    const receiver = await receiverOf();
    const notified = await receiverOf();
    await stage.subscribe(receiver.url);
    await stage.subscribe(receiver.url);
    await stage.notify(notified.url);
    stage.engine.start();
    const { uuid } = await stage.hold();
    await stage.confirm(uuid);
    await allIn(stage, 'delivered', 3);
    const reconciliation = createReconciliation({ db: stage.db });
    const all = { supplierId: stage.sample.supplierId, from: 0, to: stage.clock.now + 1 };
    expect(await reconciliation.report(all)).toMatchObject({ owed: 3, delivered: 3, unaccounted: 0, faults: [] });
    for (const { id } of await stage.deliveries()) {
      await stage.db.run('delete from deliveries where id = $1', [id]);
    }
    expect(await reconciliation.report(all)).toMatchObject({ owed: 0, unaccounted: 3 });
  });
});
