import type { Listener, RecordedEvent } from '../../changes/index.ts';
import type { Db, Tx } from '../../platform/db/index.ts';
import type { Engine, Leasing } from '../sending/engine.ts';
import type { Webhook } from '../subscriptions/webhook.ts';
import { audienceOf } from '../views/audience.ts';
import { renderNotification } from '../views/notification.ts';
import { audienceKey, renderView, type View } from '../views/view.ts';
import { endpointRow, type Job, laneOf } from './delivery.ts';
import { mendHeads } from './lanes.ts';
import { createListening } from './listening.ts';
import type { Subscribed } from './listening-store.ts';
import { insertDeliveries, insertViews, type NewDelivery, type NewView } from './store.ts';

/** Where deliveries go that are leased as they are created. */
export type Sender = Pick<Engine, 'leasing' | 'startBefore' | 'leaseToken' | 'leaseMs'>;

interface Owed {
  readonly event: RecordedEvent;
  readonly webhook: Webhook;
  readonly version: { readonly id: string; readonly body: string };
  readonly view: View & { readonly id: string };
}

/** Opens the deliveries of events, in the transaction that records them, and hands over those that can be sent at once. */
export function owedListener(deps: {
  readonly db: Db;
  readonly sender: Sender;
  readonly newId: () => string;
}): Listener {
  const listening = createListening();
  return {
    held: listening.foresee,
    async recorded(tx, events) {
      const told = events.filter((event) => event.before !== null);
      if (told.length === 0) return;
      const listeners = await listening.to(tx, told);
      const owed = told.flatMap((event) => owedFor(event, listeners.get(event) ?? [], deps.newId));
      if (owed.length > 0) owe(tx, owed, deps);
    },
  };
}

type Deps = Parameters<typeof owedListener>[0];

/** Stores what is owed, and offers what can be sent at once. */
function owe(tx: Tx, owed: readonly Owed[], { db, sender, newId }: Deps): void {
  const startBefore = sender.startBefore();
  const leasing = sender.leasing();
  const deliveries = owed.map((one) => deliveryOf(one, newId(), leasing, sender.leaseToken));
  insertViews(tx, viewsOf(owed));
  const inserting = insertDeliveries(tx, deliveries, sender.leaseMs);
  inserting.catch(() => {
    // The transaction fails with it, and nothing is owed.
  });
  const handOver = async (): Promise<void> => {
    const placed = new Map((await inserting).map((one) => [one.id, one]));
    const jobs = owed.flatMap((one, index) => {
      const id = deliveries[index]?.id ?? '';
      const place = placed.get(id);
      if (place?.isLeased !== true) return [];
      return [
        jobOf(one, { deliveryId: id, outOfOrder: place.isOutOfOrder, leaseToken: sender.leaseToken, startBefore }),
      ];
    });
    leasing.offer(jobs);
    if (jobs.length === owed.length) return;
    const behind = deliveries.filter(({ id }) => placed.get(id)?.isHead === false);
    if (db.dialect.concurrent && behind.length > 0) {
      await mendHeads(db, behind).catch(() => {
        // The engine's sweep does it.
      });
    }
    db.notify('deliveries');
  };
  tx.afterCommit(() => void handOver());
}

/** The views of deliveries, each with how many of them it is for. */
function viewsOf(owed: readonly Owed[]): NewView[] {
  const byView = Map.groupBy(owed, ({ view }) => view.id);
  return [...byView.values()].flatMap((sharing) => {
    const [first] = sharing;
    return first === undefined ? [] : [{ ...first.view, eventId: first.event.id, owed: sharing.length }];
  });
}

function owedFor(event: RecordedEvent, subscribed: readonly Subscribed[], newId: () => string): Owed[] {
  const views = new Map<string, (View & { readonly id: string }) | undefined>();
  return subscribed.flatMap(({ webhook, versions }) => {
    if (!hears(webhook, event)) return [];
    const audience = audienceOf(webhook, [...versions.keys()], event.type, event.after);
    const key = `${webhook.thin} ${audienceKey(audience)}`;
    if (!views.has(key)) {
      const view = webhook.thin ? renderNotification(event, audience.language) : renderView(event, audience);
      views.set(key, view && { ...view, id: newId() });
    }
    const view = views.get(key);
    if (view === undefined) return [];
    const version = versions.get(audience.language);
    if (version === undefined) throw new Error(`The webhook ${webhook.id} has no version in ${audience.language}.`);
    return [{ event, webhook, version, view }];
  });
}

/** Whether a webhook is told of an event: it listens to the type, and the event is its connection's, the supplier's own, or it hears of all. */
function hears(webhook: Webhook, event: RecordedEvent): boolean {
  if (!webhook.events.includes(event.type) || webhook.supplierId !== event.supplierId) return false;
  return event.connectionId === null || webhook.hearsAll || event.connectionId === webhook.connectionId;
}

function deliveryOf(owed: Owed, id: string, leasing: Leasing, leaseToken: string): NewDelivery {
  const { event, webhook } = owed;
  const active = webhook.state === 'active';
  return {
    id,
    supplierId: event.supplierId,
    webhookId: webhook.id,
    webhookVersionId: owed.version.id,
    eventId: event.id,
    viewId: owed.view.id,
    lane: laneOf(event.type, event.subjectId),
    position: event.position,
    state: active ? 'pending' : 'held',
    reason: active ? null : webhook.stateReason,
    leaseToken: active && leasing.take(webhook) ? leaseToken : null,
    inLane: webhook.sending.ordering === 'subject',
    createdAt: event.createdAt,
  };
}

function jobOf(owed: Owed, leased: Pick<Job, 'deliveryId' | 'outOfOrder' | 'leaseToken' | 'startBefore'>): Job {
  const { webhook } = owed;
  return {
    ...leased,
    webhookId: webhook.id,
    event: owed.event.type,
    thin: webhook.thin,
    language: owed.view.language,
    versionBody: owed.version.body,
    viewBody: owed.view.body,
    step: 0,
    probe: false,
    endpoint: endpointRow(webhook),
  };
}
