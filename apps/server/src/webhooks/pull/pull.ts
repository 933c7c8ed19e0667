import type { CapabilityId, EventType } from '@carillon/contract';
import {
  type Changes,
  eventsInOrder,
  type Horizon,
  lastInOrder,
  type OrderedEvent,
  type RecordedEvent,
} from '../../changes/index.ts';
import type { Db } from '../../platform/db/index.ts';
import type { Party } from '../subscriptions/webhook.ts';
import { renderView, type ViewAudience } from '../views/view.ts';
import type { Arrivals } from './arrivals.ts';
import { cursorOf, placeOf } from './cursor.ts';
import { createHolding } from './holding.ts';
import { lastPruned } from './store.ts';

/** Who pulls: a connection, and whether it hears of all bookings and orders of its supplier. */
export interface Puller extends Party {
  readonly hears: 'own' | 'supplier';
}

/** What is asked for. */
export interface PullRequest {
  /** The `next` of the page before; undefined: the oldest event that is kept; `now`: what is yet to come. */
  readonly after: string | undefined;
  readonly limit: number;
  /** Null: all. */
  readonly types: readonly EventType[] | null;
  /** How long to wait where there is nothing, ms. */
  readonly waitMs: number;
  /** Aborted when the caller is gone. */
  readonly signal: AbortSignal;
}

/** A page of events, each as JSON, or why there is none: no such cursor, or events after it were pruned. */
export type Pulled =
  | { readonly kind: 'page'; readonly events: readonly string[]; readonly next: string; readonly more: boolean }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'pruned' };

/** Gives a connection the events that its webhooks would be told of, in the order in which they were committed. */
export type Pull = (by: Puller, audience: ViewAudience, request: PullRequest) => Promise<Pulled>;

/** Events that are looked through at once, and documents that are read at once. */
const lookedThrough = 500;
const readAtOnce = 20;
/** A page ends when it is larger than this, bytes of JSON: one event beyond it at most. */
const largestPage = 2_097_152;
/** A call looks through so many events that are none of its own before it answers with how far it has come. */
const mostLookedThrough = 10_000;
/** How long a call waits for what was under way when it came, ms, although it did not want to wait; and how often it looks. */
const settlingMs = 2_000;
const lookAgainMs = 10;
/** How long a call that begins now waits for it, ms. */
const longestSettlingMs = 10_000;
/** What makes waiting correct without any hint, ms. */
const pollMs = 1_000;

/** See `Pull`. */
export function createPull(deps: {
  readonly db: Db;
  readonly changes: Pick<Changes, 'events'>;
  readonly horizon: () => Promise<Horizon>;
  readonly arrivals: Arrivals;
}): Pull {
  const { db, changes, horizon, arrivals } = deps;
  const hold = createHolding();

  /** The place that a call begins at; undefined: there is none such. */
  async function startOf(supplierId: string, { after, signal }: PullRequest): Promise<number | undefined> {
    if (after === undefined) return 0;
    if (after !== 'now') return placeOf(after);
    const from = await lastPruned(db.reader, supplierId);
    const begun = performance.now();
    let reached = await horizon();
    const { last } = reached;
    // A place that is not settled yet would pass what is under way; one from long ago would bring what was there before.
    while (reached.settled < last && performance.now() - begun < longestSettlingMs) {
      await arrivals.wait({ seen: arrivals.count, ms: lookAgainMs, signal });
      reached = await horizon();
    }
    return lastInOrder(db.reader, { supplierId, after: from, until: reached.settled });
  }

  /** The events of a stretch that the connection hears of, until a page is full; `reached`: the last one that was looked at. */
  async function read(by: Puller, audience: ViewAudience, request: PullRequest, after: number, until: number) {
    const { supplierId } = by;
    const found = await eventsInOrder(db.reader, { supplierId, after, until }, lookedThrough);
    const told = found.filter((event) => hears(by, request.types, event));
    const events: string[] = [];
    let bytes = 0;
    let full: number | undefined;
    for (let from = 0; from < told.length && full === undefined; from += readAtOnce) {
      const portion = told.slice(from, from + readAtOnce);
      const read = await changes.events(
        db.reader,
        supplierId,
        portion.map(({ id }) => id),
      );
      const byId = new Map(read.map((event) => [event.id, event]));
      for (const { id, sequence } of portion) {
        const text = textOf(byId.get(id), audience);
        if (text === undefined) continue;
        events.push(text);
        bytes += Buffer.byteLength(text);
        if (events.length < request.limit && bytes <= largestPage) continue;
        full = sequence;
        break;
      }
    }
    const reached = full ?? found.at(-1)?.sequence ?? after;
    const end = found.length < lookedThrough && (full === undefined || full === found.at(-1)?.sequence);
    return { events, reached, end, looked: found.length };
  }

  return async (by, audience, request) => {
    const { supplierId } = by;
    const begun = performance.now();
    const start = await startOf(supplierId, request);
    if (start === undefined) return { kind: 'unknown' };
    const isMissing = async (from: number): Promise<boolean> =>
      request.after !== undefined && from < (await lastPruned(db.reader, supplierId));
    if (await isMissing(start)) return { kind: 'pruned' };
    return hold(by.connectionId, async (mayWait): Promise<Pulled> => {
      let after = start;
      let looked = 0;
      for (;;) {
        const seen = arrivals.count;
        const { settled, behind } = await horizon();
        const page = await read(by, audience, request, after, settled);
        // What was pruned while it was read is not in it.
        if (await isMissing(after)) return { kind: 'pruned' };
        after = page.reached;
        looked += page.looked;
        const answer: Pulled = { kind: 'page', events: page.events, next: cursorOf(after), more: !page.end };
        if (page.events.length > 0 || looked >= mostLookedThrough || request.signal.aborted || arrivals.ended)
          return answer;
        if (!page.end) continue;
        const wanted = Math.max(mayWait ? request.waitMs : 0, behind ? settlingMs : 0);
        const left = begun + wanted - performance.now();
        if (left <= 0) return answer;
        await arrivals.wait({ seen, ms: Math.min(left, behind ? lookAgainMs : pollMs), signal: request.signal });
      }
    });
  };
}

/** Whether a connection hears of an event: as its webhooks would. The creation of a hold is told to nobody. */
function hears(by: Puller, types: PullRequest['types'], { connectionId, type, isNew }: OrderedEvent): boolean {
  if (isNew || (types !== null && !types.includes(type))) return false;
  return connectionId === null || by.hears === 'supplier' || connectionId === by.connectionId;
}

const withCart = (capabilities: readonly CapabilityId[]): readonly CapabilityId[] =>
  capabilities.includes('octo/cart') ? capabilities : [...capabilities, 'octo/cart'];

/** An event as JSON: what a delivery says of it, and which it is. Undefined where the audience sees no change. */
function textOf(event: RecordedEvent | undefined, audience: ViewAudience): string | undefined {
  if (event === undefined) return undefined;
  // An order is not shown without octo/cart.
  const { capabilities } = audience;
  const seen = event.type === 'order_update' ? { ...audience, capabilities: withCart(capabilities) } : audience;
  const view = renderView(event, seen);
  if (view === undefined) return undefined;
  const { id, type, position, createdAt } = event;
  const head = { id, event: type, position, utcCreatedAt: new Date(createdAt).toISOString() };
  return `${JSON.stringify(head).slice(0, -1)},${view.body}}`;
}
