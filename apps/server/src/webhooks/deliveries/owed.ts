import type { Listener, RecordedEvent } from '../../changes/index.ts';
import type { Db, Tx } from '../../platform/db/index.ts';
import type { Log } from '../../platform/log/index.ts';
import type { Engine, Leasing } from '../sending/engine.ts';
import type { Webhook } from '../subscriptions/webhook.ts';
import { type Tracing, traceEvents } from '../tracing/tracing.ts';
import { createTransforming, type Transform } from '../transformations/transforming.ts';
import { type FailedDelivery, insertFailed, insertOwnViews } from '../transformations/view-store.ts';
import { audienceOf } from '../views/audience.ts';
import { eventViews, type FormedView } from '../views/event-views.ts';
import { endpointRow, type Job, laneOf } from './delivery.ts';
import { mendHeads } from './lanes.ts';
import { createListening } from './listening.ts';
import type { Subscribed } from './listening-store.ts';
import { insertDeliveries, insertViews, type NewDelivery, type NewView } from './store.ts';

/** Where deliveries go that are leased as they are created. */
export type Sender = Pick<Engine, 'leasing' | 'startBefore' | 'leaseToken' | 'leaseMs'>;

interface Owed {
  readonly id: string;
  readonly event: RecordedEvent;
  readonly webhook: Webhook;
  readonly version: { readonly id: string; readonly body: string };
  readonly view: FormedView;
}

/** Opens the deliveries of events, in the transaction that records them, and hands over those that can be sent at once. */
export function owedListener(deps: {
  readonly db: Db;
  readonly sender: Sender;
  readonly newId: () => string;
  /** Undefined: traces are off. */
  readonly tracing?: Tracing | undefined;
  readonly log?: Pick<Log, 'error'>;
}): Listener {
  const listening = createListening();
  const transforming = createTransforming();
  return {
    held: listening.foresee,
    async recorded(tx, events) {
      const told = events.filter((event) => event.before !== null);
      if (told.length === 0) return;
      const listeners = await listening.to(tx, told);
      const transform = transforming();
      const owed = told.flatMap((event) => owedFor(event, listeners.get(event) ?? [], { ...deps, transform }));
      const failed = owed.filter(({ view }) => view.form === 'failed');
      if (failed.length > 0) fail(tx, failed);
      const sendable = failed.length > 0 ? owed.filter(({ view }) => view.form !== 'failed') : owed;
      if (sendable.length > 0) owe(tx, sendable, deps);
    },
  };
}

type Deps = Parameters<typeof owedListener>[0];

/** Stores what is owed, and offers what can be sent at once. */
function owe(tx: Tx, owed: readonly Owed[], { db, sender, tracing, log }: Deps): void {
  const startBefore = sender.startBefore();
  const leasing = sender.leasing();
  const deliveries = owed.map((one) => deliveryOf(one, leasing, sender.leaseToken));
  const views = viewsOf(owed);
  insertViews(
    tx,
    views.filter(({ form }) => form === 'part'),
  );
  const own = views.filter(({ form }) => form !== 'part');
  if (own.length > 0) insertOwnViews(tx, own);
  const traces = tracing && traceEvents(tx, eventsOf(owed), tracing);
  const inserting = insertDeliveries(tx, deliveries, sender.leaseMs);
  inserting.catch(() => {
    // The transaction fails with it, and nothing is owed.
  });
  const handOver = async (): Promise<void> => {
    const placed = new Map((await inserting).map((one) => [one.id, one]));
    const jobs = owed.flatMap((one) => {
      const place = placed.get(one.id);
      if (place?.isLeased !== true) return [];
      return [
        jobOf(one, {
          deliveryId: one.id,
          outOfOrder: place.isOutOfOrder,
          leaseToken: sender.leaseToken,
          startBefore,
          traceparent: traces?.get(one.event.id) ?? null,
        }),
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
  tx.afterCommit(() => {
    // What is owed is stored: it is claimed by whoever looks next, or when its lease ends.
    handOver().catch((err) =>
      log?.error({ code: 'delivery.handover_failed', err }, 'deliveries could not be handed over'),
    );
  });
}

/** The events of deliveries, each as often as there are deliveries of it. */
const eventsOf = (owed: readonly Owed[]): RecordedEvent[] => owed.map(({ event }) => event);

/** The views of deliveries, each with how many of them it is for. */
function viewsOf(owed: readonly Owed[]): (NewView & FormedView)[] {
  const byView = Map.groupBy(owed, ({ view }) => view.id);
  return [...byView.values()].flatMap((sharing) => {
    const [first] = sharing;
    return first === undefined ? [] : [{ ...first.view, eventId: first.event.id, owed: sharing.length }];
  });
}

function owedFor(
  event: RecordedEvent,
  subscribed: readonly Subscribed[],
  deps: { readonly newId: () => string; readonly transform: Transform },
): Owed[] {
  const viewFor = eventViews(event, deps);
  return subscribed.flatMap(({ webhook, versions }) => {
    if (!hears(webhook, event)) return [];
    const audience = audienceOf(webhook, [...versions.keys()], event.type, event.after);
    const version = versions.get(audience.language);
    if (version === undefined) throw new Error(`The webhook ${webhook.id} has no version in ${audience.language}.`);
    const id = deps.newId();
    const view = viewFor({ webhook, audience, version, deliveryId: id });
    return view === undefined ? [] : [{ id, event, webhook, version, view }];
  });
}

/** Stores what a template failed on: nothing of it is sent until it is rendered again. */
function fail(tx: Tx, owed: readonly Owed[]): void {
  insertOwnViews(
    tx,
    owed.map(({ view, event }) => ({ ...view, eventId: event.id })),
  );
  insertFailed(
    tx,
    owed.map(
      ({ id, event, webhook, version, view }): FailedDelivery => ({
        id,
        supplierId: event.supplierId,
        webhookId: webhook.id,
        webhookVersionId: version.id,
        eventId: event.id,
        viewId: view.id,
        lane: laneOf(event.type, event.subjectId),
        position: event.position,
        reason: view.problem ?? '',
        inLane: webhook.sending.ordering === 'subject',
        createdAt: event.createdAt,
      }),
    ),
  );
}

/** Whether a webhook is told of an event: it listens to the type, and the event is its connection's, the supplier's own, or it hears of all. */
function hears(webhook: Webhook, event: RecordedEvent): boolean {
  if (!webhook.events.includes(event.type) || webhook.supplierId !== event.supplierId) return false;
  return event.connectionId === null || webhook.hearsAll || event.connectionId === webhook.connectionId;
}

function deliveryOf(owed: Owed, leasing: Leasing, leaseToken: string): NewDelivery {
  const { id, event, webhook } = owed;
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

function jobOf(
  owed: Owed,
  leased: Pick<Job, 'deliveryId' | 'outOfOrder' | 'leaseToken' | 'startBefore' | 'traceparent'>,
): Job {
  const { webhook } = owed;
  return {
    ...leased,
    webhookId: webhook.id,
    event: owed.event.type,
    thin: webhook.thin,
    language: owed.view.language,
    versionBody: owed.version.body,
    viewBody: owed.view.body,
    form: owed.view.form,
    viewHeaders: owed.view.headers,
    step: 0,
    owedAt: owed.event.createdAt,
    probe: false,
    endpoint: endpointRow(webhook),
  };
}
