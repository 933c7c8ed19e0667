import type { Db } from '../../platform/db/index.ts';
import { promoteNext } from '../deliveries/lanes.ts';
import {
  type Chosen,
  cancelOne,
  endRest,
  hasten,
  keepReceiving,
  lockDelivery,
  orderLanes,
  type Receiving,
  reopen,
  webhookOfDelivery,
} from './reopening-store.ts';

/** What came of asking for a retry or an end: done, there is no such delivery, or it cannot be, with why. */
export type ByHand = 'done' | 'missing' | { readonly refused: string };

/** What deliveries are retried and cancelled with. `now` gives ms UTC. */
interface ByHandDeps {
  readonly db: Db;
  readonly now: () => number;
}

/** A supplier's delivery. */
interface Key {
  readonly supplierId: string;
  readonly id: string;
}

/** Why a delivery cannot be sent again whose body is not there: it is never made anew. */
const without: Readonly<Record<NonNullable<Chosen['lacking']>, string>> = {
  pruned: 'its body was pruned',
  erased: 'its body was erased',
  failed: 'its transformation failed, and has not been rendered since',
};
const underWay = 'it is being sent now';

/** What a retry of a delivery is: to open it again, to make it due, or a refusal. */
export function retryOf(delivery: Chosen, webhook: Receiving | undefined): 'reopen' | 'hasten' | { refused: string } {
  if (webhook === undefined || webhook.state === 'deleted') return { refused: 'its webhook was deleted' };
  if (delivery.isTest) return { refused: 'a test is sent once' };
  if (delivery.lacking !== null) return { refused: without[delivery.lacking] };
  const isOpen = delivery.state === 'pending' || delivery.state === 'held';
  if (!isOpen) return 'reopen';
  return delivery.isLeased ? { refused: underWay } : 'hasten';
}

/**
 * Has a delivery sent again, whether it has ended or waits: due now, or held while its webhook is disabled. The same id, body and
 * `webhook-id`; its schedule begins anew, and in its lane its place is that of its position.
 */
export async function retryByHand({ db, now }: ByHandDeps, key: Key): Promise<ByHand> {
  const webhookId = await webhookOfDelivery(db, key);
  if (webhookId === undefined) return 'missing';
  return db.transaction(async (tx): Promise<ByHand> => {
    const webhook = await keepReceiving(tx, webhookId);
    const delivery = await lockDelivery(tx, key);
    if (delivery === undefined) return 'missing';
    const retry = retryOf(delivery, webhook);
    if (typeof retry === 'object' || webhook === undefined) return retry as ByHand;
    const { id, lane } = delivery;
    if (retry === 'hasten') {
      hasten(tx, { id, webhook, now: now() });
      if (delivery.inLane) orderLanes(tx, webhookId, [lane]);
    } else {
      await reopen(tx, { webhook, ids: [id], replayId: null, now: now() });
      if (webhook.ordering === 'subject') orderLanes(tx, webhookId, [lane]);
    }
    endRest(tx, webhookId, now());
    tx.afterCommit(() => db.notify('deliveries'));
    return 'done';
  });
}

/**
 * Cancels a delivery that waits, and lets its lane go on. One that had arrived before it was sent again is delivered, as it was.
 */
export async function cancelByHand({ db, now }: ByHandDeps, key: Key, reason: string | null): Promise<ByHand> {
  return db.transaction(async (tx): Promise<ByHand> => {
    const delivery = await lockDelivery(tx, key);
    if (delivery === undefined) return 'missing';
    const { id, state } = delivery;
    if (state !== 'pending' && state !== 'held') return { refused: 'it has ended' };
    if (delivery.isLeased) return { refused: underWay };
    const cancelled = 'cancelled by the operator';
    cancelOne(tx, { id, reason: reason === null ? cancelled : `${cancelled}: ${reason}`, now: now() });
    await promoteNext(tx, [id]);
    tx.afterCommit(() => db.notify('deliveries'));
    return 'done';
  });
}
