import type { RecordedEvent } from '../../changes/index.ts';
import { matches } from '../filters/filter.ts';
import type { Version } from '../subscriptions/version-store.ts';
import type { Webhook } from '../subscriptions/webhook.ts';
import { describeProblems } from '../transformations/transformation.ts';
import type { Transform } from '../transformations/transforming.ts';
import { renderNotification } from './notification.ts';
import { thinBody } from './thin.ts';
import { audienceKey, type Seen, seenBy, type View, type ViewAudience, viewOf } from './view.ts';

/** How the body of a delivery comes about: `part` of it is the view's, `whole` all of it; `failed`: its template makes none. */
export type ViewForm = 'part' | 'whole' | 'failed';

/** A view about to be stored. `problem` says why it failed. */
export interface FormedView extends View {
  readonly id: string;
  readonly form: ViewForm;
  /** Of a whole one: its own headers, as JSON. */
  readonly headers: string | null;
  readonly problem: string | null;
}

/** For whom an event is rendered, and as what. */
export interface Recipient {
  readonly webhook: Webhook;
  readonly audience: ViewAudience;
  readonly version: Pick<Version, 'body'>;
  readonly deliveryId: string;
}

/** Gives what a recipient is told of the event; undefined: nothing is owed to it. */
export type EventViews = (recipient: Recipient) => FormedView | undefined;

/**
 * One event as the webhooks that listen to it see it: worked out once for each audience and rendered once for each form, but for
 * templates, whose body is one webhook's alone.
 */
export function eventViews(
  event: RecordedEvent,
  deps: { readonly newId: () => string; readonly transform: Transform },
): EventViews {
  const seen = new Map<string, Seen | undefined>();
  const views = new Map<string, FormedView | undefined>();

  function once(key: string, make: () => View | undefined): FormedView | undefined {
    if (!views.has(key)) {
      const view = make();
      views.set(key, view && { ...view, id: deps.newId(), form: 'part', headers: null, problem: null });
    }
    return views.get(key);
  }

  function seenOf(key: string, audience: ViewAudience): Seen | undefined {
    if (!seen.has(key)) seen.set(key, seenBy(audience, event));
    return seen.get(key);
  }

  return ({ webhook, audience, version, deliveryId }) => {
    const key = audienceKey(audience);
    if (webhook.thin) return once(`notification ${key}`, () => renderNotification(event, audience.language));
    const told = seenOf(key, audience);
    if (told === undefined) return undefined;
    const { filter, payload, transformation } = webhook.telling;
    if (filter !== null && !matches(filter, { ...event, operations: told.operations })) return undefined;
    if (transformation !== null) {
      // The text that its template is given; stored only where another webhook is sent it.
      const { body: viewBody } = viewOf(event, told);
      const { type, position, createdAt } = event;
      const untransformed = { deliveryId, event: type, position, createdAt, versionBody: version.body, viewBody };
      return formed(deps.transform(webhook, transformation, untransformed), audience.language, deps.newId);
    }
    if (payload === 'full') return once(key, () => viewOf(event, told));
    const endpoint = endpointOf(version.body);
    return once(`thin ${endpoint} ${key}`, () => ({ language: audience.language, body: thinBody(event, endpoint) }));
  };
}

function formed(rendering: ReturnType<Transform>, language: string, newId: () => string): FormedView | undefined {
  switch (rendering.kind) {
    case 'nothing':
      return undefined;
    case 'failed': {
      const problem = describeProblems(rendering.problems);
      return { id: newId(), language, body: '', form: 'failed', headers: null, problem };
    }
    case 'rendered': {
      const headers = JSON.stringify(rendering.headers);
      return { id: newId(), language, body: rendering.body, form: 'whole', headers, problem: null };
    }
  }
}

/** The base address of the OCTO API that the version of a thin webhook says. */
export function endpointOf(versionBody: string): string {
  const { supplier } = JSON.parse(`{${versionBody}}`) as { readonly supplier: { readonly endpoint: string } };
  return supplier.endpoint;
}
