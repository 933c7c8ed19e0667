import type { Current } from '../triggers/subject.ts';
import { endpointOf, type FormedView, type Recipient } from '../views/event-views.ts';
import { thinBody } from '../views/thin.ts';
import { renderCurrent } from '../views/view.ts';
import { describeProblems } from './transformation.ts';
import { transformOnce } from './transforming.ts';

/** A document as it is at `now` (ms UTC) for a recipient, as after a change that changed nothing: for a test. No filter leaves it out. */
export function currentView(recipient: Recipient, { type, document }: Current, now: number): Omit<FormedView, 'id'> {
  const { webhook, audience, version, deliveryId } = recipient;
  const { language } = audience;
  const part = (body: string) => ({ language, body, form: 'part', headers: null, problem: null }) as const;
  const { payload, transformation } = webhook.telling;
  const full = renderCurrent(type, document, audience, now);
  if (transformation === null) {
    if (payload === 'full') return part(full.body);
    return part(thinBody({ type, after: document, position: 0 }, endpointOf(version.body)));
  }
  const rendering = transformOnce(transformation, {
    deliveryId,
    event: type,
    position: 0,
    createdAt: now,
    versionBody: version.body,
    viewBody: full.body,
  });
  switch (rendering.kind) {
    case 'rendered':
      return { ...part(rendering.body), form: 'whole', headers: JSON.stringify(rendering.headers) };
    case 'nothing':
      return { ...part(''), form: 'failed', problem: 'its transformation renders nothing for this' };
    case 'failed':
      return { ...part(''), form: 'failed', problem: describeProblems(rendering.problems) };
  }
}
