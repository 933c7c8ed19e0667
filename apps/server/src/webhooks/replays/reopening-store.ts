import { padded, places, type Queryable, type Tx } from '../../platform/db/index.ts';
import { putBack } from '../deliveries/putting-back.ts';
import type { Sending, Webhook } from '../subscriptions/webhook.ts';

const open = `state in ('pending', 'held')`;

/** Whether what a delivery (a table or its alias) was made of is still there. */
const replayable = (delivery: string): string =>
  `exists (select 1 from views v where v.id = ${delivery}.view_id and v.body <> '')
   and exists (select 1 from webhook_versions n where n.id = ${delivery}.webhook_version_id)
   and exists (select 1 from events e where e.id = ${delivery}.event_id)`;

/** How a webhook stands, and whether it wants its deliveries in order. */
export interface Receiving {
  readonly id: string;
  readonly state: Webhook['state'];
  readonly reason: string | null;
  readonly ordering: Sending['ordering'];
}

/** How a webhook stands until the transaction ends; a deleted one too. Locked before what is owed to it. */
export async function keepReceiving(tx: Tx, webhookId: string): Promise<Receiving | undefined> {
  const [row] = await tx.all<Receiving>(
    `select w.id, w.state, w.state_reason as reason, w.ordering from webhooks w where w.id = $1${tx.dialect.forShareOf('w')}`,
    [webhookId],
  );
  return row;
}

/** A delivery that somebody wants sent again or cancelled. */
export interface Chosen {
  readonly id: string;
  readonly webhookId: string;
  readonly lane: string;
  readonly state: 'pending' | 'held' | 'delivered' | 'gave_up' | 'cancelled';
  readonly isTest: boolean;
  readonly inLane: boolean;
  /** Some process has it in hand. */
  readonly isLeased: boolean;
  /** What is wrong with what it was made of; null: it is whole. */
  readonly lacking: 'pruned' | 'erased' | 'failed' | null;
}

/** A delivery of a supplier. */
interface DeliveryKey {
  readonly supplierId: string;
  readonly id: string;
}

/** The webhook that a supplier's delivery is for. */
export async function webhookOfDelivery(db: Queryable, key: DeliveryKey): Promise<string | undefined> {
  const [row] = await db.all<{ id: string }>(
    'select webhook_id as id from deliveries where id = $1 and supplier_id = $2',
    [key.id, key.supplierId],
  );
  return row?.id;
}

/** A supplier's delivery, its row locked; its webhook is locked before it. Whoever prunes its body has ended, or waits until it is open. */
export async function lockDelivery(tx: Tx, key: DeliveryKey): Promise<Chosen | undefined> {
  tx.send(`select id from deliveries where id = $1 and supplier_id = $2${tx.dialect.forUpdate}`, [
    key.id,
    key.supplierId,
  ]);
  const [row] = await tx.all<{
    id: string;
    webhook_id: string;
    lane: string;
    state: Chosen['state'];
    test: number;
    in_lane: number;
    leased: number;
    lacking: Chosen['lacking'];
  }>(
    `select id, webhook_id, lane, state, test, in_lane,
            case when lease_until > ${tx.dialect.nowMs} then 1 else 0 end as leased,
            case when ${replayable('deliveries')} then null
                 else coalesce((select case when v.body <> '' then 'pruned' when v.form = 'failed' then 'failed' else 'erased' end
                                  from views v where v.id = deliveries.view_id), 'pruned') end as lacking
       from deliveries where id = $1 and supplier_id = $2`,
    [key.id, key.supplierId],
  );
  return (
    row && {
      id: row.id,
      webhookId: row.webhook_id,
      lane: row.lane,
      state: row.state,
      isTest: row.test === 1,
      inLane: row.in_lane === 1,
      isLeased: row.leased === 1,
      lacking: row.lacking,
    }
  );
}

/** Deliveries that are to be sent again. `now` is ms UTC. */
export interface Reopening {
  readonly webhook: Receiving;
  readonly ids: readonly string[];
  /** The replay that wants it; null: somebody wants this one. */
  readonly replayId: string | null;
  readonly now: number;
}

/**
 * Opens deliveries that have ended, due now, or held where their webhook is disabled; their schedules begin anew. Those whose subject
 * has changed since come late, and say so. Gives those that were opened: not what is open, or not whole any more. Their lanes are then
 * to be put in order. They are locked first, so that whoever prunes their bodies has ended and is seen, or waits until they are open.
 */
export function reopen(tx: Tx, reopening: Reopening): Promise<{ readonly id: string; readonly lane: string }[]> {
  const { webhook, replayId, now } = reopening;
  const ids = padded(reopening.ids);
  const active = webhook.state === 'active';
  const inLane = webhook.ordering === 'subject' ? 1 : 0;
  tx.send(`select id from deliveries where id in (${places(ids.length)}) order by id${tx.dialect.forUpdate}`, ids);
  return tx.all(
    `update deliveries
        set state = $2, reason = $3, due_at = $4, in_lane = $5, is_head = $6, replay_id = coalesce($7, replay_id),
            arrived_at = case when state = 'delivered' then coalesce(arrived_at, ended_at) else arrived_at end,
            out_of_order = case when cast($5 as integer) = 1 and exists (
                select 1 from events e join subjects s on s.id = e.subject_id and s.type = e.type and s.supplier_id = e.supplier_id
                 where e.id = deliveries.event_id and s.position > deliveries.position) then 1 else 0 end,
            earlier_state = state, earlier_reason = reason, earlier_ended_at = ended_at,
            step = 0, ended_at = null, lease_token = null, lease_until = 0, hold_until = null
      where id in (${places(ids.length, 8)}) and webhook_id = $1 and state in ('delivered', 'gave_up', 'cancelled')
        and test = 0 and ${replayable('deliveries')}
     returning id, lane`,
    [
      webhook.id,
      active ? 'pending' : 'held',
      active ? null : webhook.reason,
      now,
      inLane,
      // Of a lane, the first that is open becomes the head.
      1 - inLane,
      replayId,
      ...ids,
    ],
  );
}

/** Makes one that is open due now, its schedule as new; its place in its lane stays. */
export function hasten(tx: Tx, one: { readonly id: string; readonly webhook: Receiving; readonly now: number }): void {
  const active = one.webhook.state === 'active';
  tx.send(
    `update deliveries set state = $2, reason = $3, step = 0, due_at = $4, hold_until = null where id = $1 and ${open}`,
    [one.id, active ? 'pending' : 'held', active ? null : one.webhook.reason, one.now],
  );
}

/**
 * Makes the first open delivery of each lane of a webhook its head, and no other: what was opened again goes before what comes after it.
 * What is under way is left alone, and settles whether or not it is the head. The heads are locked first, so that whoever settles one of
 * them has ended, or will see what was opened.
 */
export function orderLanes(tx: Tx, webhookId: string, lanes: readonly string[]): void {
  if (lanes.length === 0) return;
  const names = padded([...new Set(lanes)]);
  const ofLanes = (table: string): string =>
    `${table}.webhook_id = $1 and ${table}.lane in (${places(names.length, 2)}) and ${table}.${open} and ${table}.in_lane = 1`;
  const earlier = `exists (select 1 from deliveries earlier
                            where earlier.webhook_id = d.webhook_id and earlier.lane = d.lane and earlier.${open}
                              and earlier.in_lane = 1 and earlier.position < d.position)`;
  const params = [webhookId, ...names];
  tx.send(
    `select d.id from deliveries d where ${ofLanes('d')} and d.is_head = 1 order by d.id${tx.dialect.forUpdate}`,
    params,
  );
  tx.send(
    `update deliveries set is_head = 0
      where id in (select d.id from deliveries d where ${ofLanes('d')} and d.is_head = 1 and ${earlier})`,
    params,
  );
  tx.send(
    `update deliveries set is_head = 1
      where id in (select d.id from deliveries d where ${ofLanes('d')} and d.is_head = 0 and not ${earlier})`,
    params,
  );
}

/** Has a webhook that rests tried at once: somebody wants to know. */
export function endRest(tx: Tx, webhookId: string, now: number): void {
  tx.send('update webhook_health set resting_until = $2 where webhook_id = $1 and resting_until > $2', [
    webhookId,
    now,
  ]);
}

/** Ends one that is open and locked; what had arrived before is delivered, as it was. The lane is then to go on. */
export function cancelOne(tx: Tx, one: { readonly id: string; readonly reason: string; readonly now: number }): void {
  tx.send(`update deliveries set ${putBack} where id = $1 and ${open}`, [one.id, one.reason, one.now]);
}

/**
 * Ends a portion of what a replay has opened and nobody has in hand, as it had ended before; gives their ids. It is then no part of the
 * replay any more. The lanes are then to go on.
 */
export async function cancelOpened(
  tx: Tx,
  opened: { readonly replayId: string; readonly reason: string; readonly now: number; readonly limit: number },
): Promise<string[]> {
  const found = await tx.all<{ id: string }>(
    `with opened as (
       select id from deliveries
        where replay_id = $1 and ${open} and lease_until <= ${tx.dialect.nowMs}
        order by id limit $4${tx.dialect.forUpdateSkipLocked}
     )
     update deliveries
        set state = coalesce(earlier_state, 'cancelled'),
            reason = case when earlier_state is null then $2 else earlier_reason end,
            ended_at = coalesce(earlier_ended_at, $3), replay_id = null,
            lease_token = null, lease_until = 0, hold_until = null
      where id in (select id from opened) returning id`,
    [opened.replayId, opened.reason, opened.now, opened.limit],
  );
  return found.map(({ id }) => id);
}

/** Whether something that a replay has opened has not ended: some process has it in hand. */
export async function hasOpened(tx: Tx, replayId: string): Promise<boolean> {
  const found = await tx.all(`select 1 as found from deliveries where replay_id = $1 and ${open} limit 1`, [replayId]);
  return found.length > 0;
}
