import { portions, type Queryable, rows, type Tx } from '../../platform/db/index.ts';
import type { Erased } from './erased.ts';

/** How far an erasure is: it looks for the guest's orders, goes through them, or has ended. */
export type ErasureState = 'finding' | 'erasing' | 'done';

/** An erasure as it is stored. Times are ms UTC. */
export interface ErasureRecord {
  readonly id: string;
  readonly supplierId: string;
  readonly addressHash: string;
  readonly state: ErasureState;
  /** The last event that was looked through, and the last that is to be; null: not known yet. */
  readonly seen: number;
  readonly until: number | null;
  /** The last of the kept answers that was looked through, by its key. */
  readonly answersSeen: string;
  readonly erased: Erased;
  readonly createdAt: number;
  readonly endedAt: number | null;
}

type Row = Omit<ErasureRecord, 'erased'> & { readonly erased: string };

const columns = `id, supplier_id as "supplierId", address_hash as "addressHash", state, seen, until,
  answers_seen as "answersSeen", erased, created_at as "createdAt", ended_at as "endedAt"`;

const erasureOf = (row: Row): ErasureRecord => ({ ...row, erased: JSON.parse(row.erased) as Erased });

/** Stores a new erasure. */
export async function insertErasure(tx: Tx, erasure: ErasureRecord): Promise<void> {
  await tx.run(
    `insert into erasures (id, supplier_id, address_hash, state, seen, erased, created_at)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [
      erasure.id,
      erasure.supplierId,
      erasure.addressHash,
      erasure.state,
      erasure.seen,
      JSON.stringify(erasure.erased),
      erasure.createdAt,
    ],
  );
}

/** A supplier's erasure. */
export async function erasureById(
  db: Queryable,
  key: { readonly supplierId: string; readonly id: string },
): Promise<ErasureRecord | undefined> {
  const [row] = await db.all<Row>(`select ${columns} from erasures where id = $1 and supplier_id = $2`, [
    key.id,
    key.supplierId,
  ]);
  return row && erasureOf(row);
}

/** A supplier's erasures, newest first. */
export async function listErasures(db: Queryable, supplierId: string, limit: number): Promise<ErasureRecord[]> {
  const found = await db.all<Row>(
    `select ${columns} from erasures where supplier_id = $1 order by created_at desc, id desc limit $2`,
    [supplierId, limit],
  );
  return found.map(erasureOf);
}

/** Erasures that have not ended and may go on at `now` (ms UTC), oldest first. */
export async function openErasures(db: Queryable, limit: number, now: number): Promise<ErasureRecord[]> {
  const found = await db.all<Row>(
    `select ${columns} from erasures where state <> 'done' and next_at <= $2 order by created_at limit $1`,
    [limit, now],
  );
  return found.map(erasureOf);
}

/** Takes an erasure for this transaction, as it is; undefined: another process has it. */
export async function takeErasure(tx: Tx, id: string): Promise<ErasureRecord | undefined> {
  const [row] = await tx.all<Row>(`select ${columns} from erasures where id = $1${tx.dialect.forUpdateSkipLocked}`, [
    id,
  ]);
  return row && erasureOf(row);
}

/** Writes how far an erasure is that was taken. */
export function advanceErasure(tx: Tx, to: ErasureRecord): void {
  tx.send(
    `update erasures set state = $2, seen = $3, until = $4, answers_seen = $5, erased = $6, ended_at = $7 where id = $1`,
    [to.id, to.state, to.seen, to.until, to.answersSeen, JSON.stringify(to.erased), to.endedAt],
  );
}

/** Has an erasure that failed wait until a time, ms UTC, so that those behind it have their turn. */
export async function postponeErasure(db: Queryable, id: string, nextAt: number): Promise<void> {
  await db.run('update erasures set next_at = $2 where id = $1', [id, nextAt]);
}

/** Notes orders that an erasure is to go through; one that is noted already is noted once. */
export async function noteOrders(tx: Tx, erasureId: string, orderIds: readonly string[]): Promise<void> {
  for (const portion of portions([...new Set(orderIds)])) {
    await tx.run(
      `insert into erasure_orders (erasure_id, order_id, next_at) values ${rows(['text', 'text', 'bigint'], portion.length)}
       on conflict (erasure_id, order_id) do nothing`,
      portion.flatMap((orderId) => [erasureId, orderId, 0]),
    );
  }
}

/** The next order that an erasure is to go through, and when; the one that may be gone through first. */
export async function nextOrder(
  db: Queryable,
  erasureId: string,
): Promise<{ readonly orderId: string; readonly nextAt: number } | undefined> {
  const [row] = await db.all<{ orderId: string; nextAt: number }>(
    `select order_id as "orderId", next_at as "nextAt" from erasure_orders where erasure_id = $1 order by next_at, order_id limit 1`,
    [erasureId],
  );
  return row;
}

/** An order that was gone through. */
export function orderDone(tx: Tx, erasureId: string, orderId: string): void {
  tx.send('delete from erasure_orders where erasure_id = $1 and order_id = $2', [erasureId, orderId]);
}

/** An order that is to be gone through again at a time, ms UTC. */
export function orderLater(tx: Tx, erasureId: string, orderId: string, nextAt: number): void {
  tx.send('update erasure_orders set next_at = $3 where erasure_id = $1 and order_id = $2', [
    erasureId,
    orderId,
    nextAt,
  ]);
}
