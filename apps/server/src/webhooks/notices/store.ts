import type { Param, Queryable, Tx } from '../../platform/db/index.ts';
import { padded, places, portions, rows } from '../../platform/db/index.ts';
import type { NoticeBody, NoticeKind, NoticeSubject } from './notice.ts';

/** Whom news of a webhook is about, and who is to be told. */
export interface Audience extends NoticeSubject {
  readonly emails: readonly string[];
  readonly hasUrl: boolean;
}

interface AudienceRow {
  readonly id: string;
  readonly event: NoticeSubject['webhook']['event'];
  readonly url: string;
  readonly connection_id: string;
  readonly supplier_id: string;
  readonly supplier: string;
  readonly emails: string | null;
  readonly alerts_url: string | null;
}

/** Who is to be told of webhooks, by webhook. */
export async function audiencesOf(db: Queryable, webhookIds: readonly string[]): Promise<Map<string, Audience>> {
  const ids = padded(webhookIds);
  const found = await db.all<AudienceRow>(
    `select w.id, w.event, w.url, w.connection_id, w.supplier_id, s.document as supplier, a.emails, a.url as alerts_url
       from webhooks w
       join suppliers s on s.id = w.supplier_id
       left join alerts a on a.supplier_id = w.supplier_id
      where w.id in (${places(ids.length)})`,
    ids,
  );
  return new Map(
    found.map((row) => [
      row.id,
      {
        supplier: { id: row.supplier_id, name: (JSON.parse(row.supplier) as { readonly name: string }).name },
        webhook: { id: row.id, event: row.event, url: row.url, connectionId: row.connection_id },
        emails: row.emails === null ? [] : (JSON.parse(row.emails) as string[]),
        hasUrl: row.alerts_url !== null,
      },
    ]),
  );
}

/** A notice about to be stored, with the addresses that it is owed to; null among them: the operational webhook. */
export interface NewNotice {
  readonly id: string;
  readonly body: NoticeBody;
  readonly createdAt: number;
  readonly tellings: readonly { readonly id: string; readonly address: string | null }[];
}

/** Stores notices with what is owed of each. */
export function insertNotices(tx: Tx, notices: readonly NewNotice[]): void {
  for (const { id, body, createdAt } of notices) {
    tx.send(
      'insert into notices (id, supplier_id, webhook_id, kind, body, created_at) values ($1, $2, $3, $4, $5, $6)',
      [id, body.supplier.id, body.webhook.id, body.event, JSON.stringify(body), createdAt],
    );
  }
  const owed = notices.flatMap((notice) => notice.tellings.map((telling) => ({ ...telling, notice })));
  for (const portion of portions(owed)) {
    tx.send(
      `insert into notice_tellings (id, notice_id, supplier_id, address, due_at, state, step, lease_until)
       select column1, column2, column3, column4, column5, 'pending', 0, 0
         from (values ${rows(['text', 'text', 'text', 'text', 'bigint'], portion.length)}) as owed`,
      portion.flatMap(({ id, notice, address }): Param[] => [
        id,
        notice.id,
        notice.body.supplier.id,
        address,
        notice.createdAt,
      ]),
    );
  }
}

/** A notice that is to be told now. */
export interface Telling {
  readonly id: string;
  readonly supplierId: string;
  /** Of an e-mail; null: the operational webhook. */
  readonly address: string | null;
  readonly step: number;
  readonly body: string;
  /** Of the operational webhook, as it is set now. */
  readonly url: string | null;
  readonly secret: string | null;
}

/** Claims what is due, oldest first; of suppliers that are active. An e-mail is in hand for longer than a request. */
export async function claimTellings(
  db: Queryable,
  claim: {
    readonly now: number;
    readonly limit: number;
    readonly token: string;
    readonly mailLeaseMs: number;
    readonly requestLeaseMs: number;
  },
): Promise<Telling[]> {
  const claimed = await db.all<{ readonly id: string }>(
    `with due as (
       select id from notice_tellings
        where state = 'pending' and due_at <= $1 and lease_until <= ${db.dialect.nowMs}
          and supplier_id in (select id from suppliers where state = 'active')
        order by due_at limit $2${db.dialect.forUpdateSkipLocked}
     )
     update notice_tellings
        set lease_token = $3,
            lease_until = ${db.dialect.nowMs} + case when address is null then cast($4 as bigint) else cast($5 as bigint) end
      where id in (select id from due)
     returning id`,
    [claim.now, claim.limit, claim.token, claim.requestLeaseMs, claim.mailLeaseMs],
  );
  if (claimed.length === 0) return [];
  const ids = padded(claimed.map(({ id }) => id));
  return db.all<Telling>(
    `select t.id, t.supplier_id as "supplierId", t.address, t.step, n.body, a.url, a.secret
       from notice_tellings t
       join notices n on n.id = t.notice_id
       left join alerts a on a.supplier_id = t.supplier_id
      where t.id in (${places(ids.length)})
      order by t.due_at, t.id`,
    ids,
  );
}

/** Where a telling goes after an attempt. */
export interface Told {
  readonly id: string;
  readonly state: 'pending' | 'told' | 'gave_up' | 'cancelled';
  readonly reason: string | null;
  readonly step: number;
  readonly dueAt: number;
  readonly endedAt: number | null;
}

/** Settles a telling, if the lease is still ours. */
export function settleTelling(db: Queryable, told: Told, token: string): Promise<number> {
  return db.run(
    `update notice_tellings
        set state = $3, reason = $4, step = $5, due_at = $6, ended_at = $7, lease_token = null, lease_until = 0
      where id = $1 and lease_token = $2`,
    [told.id, token, told.state, told.reason, told.step, told.dueAt, told.endedAt],
  );
}

/** When the next telling is due, of those that are not due yet; null: there is none. */
export async function nextTellingAt(db: Queryable, now: number): Promise<number | null> {
  const [row] = await db.all<{ at: number | null }>(
    `select min(due_at) as at from notice_tellings where state = 'pending' and due_at > $1`,
    [now],
  );
  return row?.at ?? null;
}

/** A notice as the operator sees it, with what came of telling it. */
export interface NoticeListed {
  readonly id: string;
  readonly kind: NoticeKind;
  readonly webhookId: string;
  readonly body: NoticeBody;
  readonly createdAt: number;
  readonly told: readonly {
    /** Null: the operational webhook. */
    readonly address: string | null;
    readonly state: Told['state'];
    readonly reason: string | null;
  }[];
}

/** Notices of a supplier, newest first, after one of them. */
export async function supplierNotices(
  db: Queryable,
  page: { readonly supplierId: string; readonly before: string | null; readonly limit: number },
): Promise<NoticeListed[]> {
  const found = await db.all<Omit<NoticeListed, 'body' | 'told'> & { readonly body: string }>(
    `select id, kind, webhook_id as "webhookId", body, created_at as "createdAt" from notices
      where supplier_id = $1
        and (cast($2 as text) is null
             or (created_at, id) < (select n.created_at, n.id from notices n where n.id = $2 and n.supplier_id = $1))
      order by created_at desc, id desc limit $3`,
    [page.supplierId, page.before, page.limit],
  );
  if (found.length === 0) return [];
  const ids = padded(found.map(({ id }) => id));
  const tellings = await db.all<NoticeListed['told'][number] & { readonly notice_id: string }>(
    `select notice_id, address, state, reason from notice_tellings
      where notice_id in (${places(ids.length)}) order by notice_id, id`,
    ids,
  );
  const told = Map.groupBy(tellings, (telling) => telling.notice_id);
  return found.map((row) => ({
    ...row,
    body: JSON.parse(row.body) as NoticeBody,
    told: (told.get(row.id) ?? []).map(({ address, state, reason }) => ({ address, state, reason })),
  }));
}
