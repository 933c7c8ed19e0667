import type { EventType } from '@carillon/contract';
import type { Changes, RecordedEvent } from '../../changes/index.ts';
import type { Db } from '../../platform/db/index.ts';
import { matches } from '../filters/filter.ts';
import { webhookById } from '../subscriptions/store.ts';
import { currentVersions } from '../subscriptions/version-store.ts';
import type { Webhook } from '../subscriptions/webhook.ts';
import { audienceOf } from '../views/audience.ts';
import { seenBy, viewOf } from '../views/view.ts';
import type { TemplateProblem } from './template.ts';
import type { Rendering, Transformation } from './transformation.ts';
import { transformOnce } from './transforming.ts';
import {
  givenUp,
  latestHeard,
  lockGivenUp,
  storeNothing,
  storeRendered,
  type Unrendered,
  unrendered,
} from './trial-store.ts';

/** What a transformation makes of an event. Nothing of it is stored or sent. */
export interface Preview {
  readonly event: { readonly id: string; readonly type: EventType; readonly createdAt: number };
  /** The webhook's filter lets the event through. */
  readonly matches: boolean;
  /** Null: nothing is sent, or the templates failed. */
  readonly body: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly problems: readonly TemplateProblem[];
}

/** What was rendered again: `rendered` can be retried, `nothing` is cancelled, `failed` waits for a better template. */
export interface RenderedAgain {
  readonly rendered: number;
  readonly nothing: number;
  readonly failed: number;
  /** Where to go on with the next call; null: that was all. */
  readonly next: string | null;
}

/** Tries transformations on real events. Undefined: the supplier has no such webhook. */
export interface Trials {
  /** Of an event of the supplier, or of the latest that changed something for the webhook; `no_event`: there is none. */
  preview(
    key: { readonly supplierId: string; readonly id: string },
    wanted: { readonly transformation?: Transformation | undefined; readonly eventId?: string | undefined },
  ): Promise<Preview | 'no_event' | 'no_transformation' | undefined>;
  /** Renders a portion of the deliveries that the webhook's transformation failed on with what it is now; `after`: the `next` of the portion before. */
  renderAgain(
    key: { readonly supplierId: string; readonly id: string },
    after?: string,
  ): Promise<RenderedAgain | undefined>;
}

/** Events that are tried for a preview until one changed something for the webhook's audience. */
const latest = 20;
/** Deliveries that gave up and are looked at in one call, and those of them that are rendered again in one transaction. */
const lookedAt = 500;
const portion = 20;
/** What rendering may take in one transaction, and in one call, ms: one delivery more than it at most. */
const transactionMs = 100;
const callMs = 2_000;

/** See `Trials`. */
export function createTrials({ db, changes }: { readonly db: Db; readonly changes: Pick<Changes, 'events'> }): Trials {
  async function tried(webhook: Webhook, eventId: string | undefined, transformation: Transformation) {
    const ids = eventId === undefined ? await latestHeard(db.reader, webhook, latest) : [eventId];
    const events = new Map(
      (await changes.events(db.reader, webhook.supplierId, ids)).map((event) => [event.id, event]),
    );
    const versions = await currentVersions(db.reader, webhook.id);
    for (const id of ids) {
      const event = events.get(id);
      if (event === undefined || !webhook.events.includes(event.type)) continue;
      const { language } = audienceOf(webhook, [...versions.keys()], event.type, event.after);
      const version = versions.get(language);
      if (version === undefined) throw new Error(`The webhook ${webhook.id} has no version in ${language}.`);
      const of = { id: 'preview', language, versionBody: version.body };
      const result = renderingOf(webhook, event, of, transformation);
      if (result !== undefined) return { event, ...result };
    }
    return undefined;
  }

  /** Renders the first of some deliveries, as many as there is time for, with their events as they are then; gives what came of each. */
  function renderSome(webhook: Webhook, transformation: Transformation, ids: readonly string[]) {
    return db.transaction(async (tx) => {
      await lockGivenUp(tx, ids);
      const found = await unrendered(tx, ids);
      const eventIds = [...new Set(found.map(({ eventId }) => eventId))];
      const events = await changes.events(tx, webhook.supplierId, eventIds);
      const eventOf = new Map(events.map((event) => [event.id, event]));
      const kinds: Rendering['kind'][] = [];
      const until = performance.now() + transactionMs;
      let last = ids.at(-1) ?? '';
      for (const one of found) {
        const event = eventOf.get(one.eventId);
        // An event that was pruned cannot be rendered any more.
        if (event === undefined) continue;
        const rendering = renderingOf(webhook, event, one, transformation)?.rendering ?? ({ kind: 'nothing' } as const);
        if (rendering.kind === 'rendered') storeRendered(tx, one, rendering);
        else if (rendering.kind === 'nothing') storeNothing(tx, one);
        kinds.push(rendering.kind);
        if (performance.now() < until) continue;
        last = one.id;
        break;
      }
      return { kinds, last };
    });
  }

  return {
    async preview(key, wanted) {
      const webhook = await webhookById(db.reader, key);
      if (webhook === undefined) return undefined;
      const transformation = wanted.transformation ?? webhook.telling.transformation;
      if (transformation === null) return 'no_transformation';
      const found = await tried(webhook, wanted.eventId, transformation);
      if (found === undefined) return 'no_event';
      const { event, matches, rendering } = found;
      return {
        event: { id: event.id, type: event.type, createdAt: event.createdAt },
        matches,
        body: rendering.kind === 'rendered' ? rendering.body : null,
        headers: rendering.kind === 'rendered' ? rendering.headers : {},
        problems: rendering.kind === 'failed' ? rendering.problems : [],
      };
    },
    async renderAgain(key, after = '') {
      const webhook = await webhookById(db.reader, key);
      if (webhook === undefined) return undefined;
      const total = { rendered: 0, nothing: 0, failed: 0 };
      const { transformation } = webhook.telling;
      if (transformation === null) return { ...total, next: null };
      const found = await givenUp(db.reader, { webhookId: webhook.id, after, limit: lookedAt });
      let waiting = found.filter(({ isUnrendered }) => isUnrendered).map(({ id }) => id);
      const until = performance.now() + callMs;
      while (waiting.length > 0) {
        const { kinds, last } = await renderSome(webhook, transformation, waiting.slice(0, portion));
        for (const kind of kinds) total[kind]++;
        waiting = waiting.filter((id) => id > last);
        if (waiting.length > 0 && performance.now() >= until) return { ...total, next: last };
        // Others have their turn, who have waited as long as that took.
        await new Promise((resolve) => setImmediate(resolve));
      }
      return { ...total, next: found.length === lookedAt ? (found.at(-1)?.id ?? null) : null };
    },
  };
}

/** What a transformation makes of an event for a webhook, in the language of a version; undefined: nothing changed for its audience. */
function renderingOf(
  webhook: Webhook,
  event: RecordedEvent,
  of: Pick<Unrendered, 'id' | 'language' | 'versionBody'>,
  transformation: Transformation,
): { readonly matches: boolean; readonly rendering: Rendering } | undefined {
  const audience = { capabilities: webhook.capabilities, language: of.language, fallback: of.language };
  const seen = seenBy(audience, event);
  if (seen === undefined) return undefined;
  const { filter } = webhook.telling;
  const rendering = transformOnce(transformation, {
    deliveryId: of.id,
    event: event.type,
    position: event.position,
    createdAt: event.createdAt,
    versionBody: of.versionBody,
    viewBody: viewOf(event, seen).body,
  });
  return { matches: filter === null || matches(filter, { ...event, operations: seen.operations }), rendering };
}
