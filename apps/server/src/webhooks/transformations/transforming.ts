import { type EventType, occasionsOf, payloadSchema } from '@carillon/contract';
import type { Webhook } from '../subscriptions/webhook.ts';
import {
  noTimeLeft,
  type Prepared,
  prepare,
  type Rendering,
  render,
  renderingMs,
  type Transformation,
} from './transformation.ts';

/** What is transformed: a delivery as its body would be without. */
export interface Untransformed {
  readonly deliveryId: string;
  readonly event: EventType;
  readonly position: number;
  /** ms UTC. */
  readonly createdAt: number;
  readonly versionBody: string;
  readonly viewBody: string;
}

/**
 * What templates see: the body as it would be sent without them, and beside it `delivery` (its `id`, which is the header `webhook-id`,
 * `position`, `createdAt`), `emailType` (the four rules of Ventrata's help article) and `occasions` (what the event means to a guest).
 */
export function scopeOf(one: Untransformed): object {
  const body = JSON.parse(`{"event":"${one.event}",${one.versionBody},${one.viewBody}}`) as Record<string, unknown>;
  const payload = payloadSchema.safeParse(body);
  const meaning = payload.success ? occasionsOf(payload.data) : { emailType: 'none', occasions: [] };
  return {
    ...body,
    delivery: { id: one.deliveryId, position: one.position, createdAt: new Date(one.createdAt).toISOString() },
    emailType: meaning.emailType,
    occasions: meaning.occasions.map(({ occasion }) => occasion),
  };
}

/** Renders a transformation that nothing is kept of. */
export function transformOnce(transformation: Transformation, one: Untransformed): Rendering {
  const prepared = prepare(transformation);
  return prepared.ok ? render(prepared.value, scopeOf(one)) : { kind: 'failed', problems: prepared.problems };
}

/** Renders the transformation of a webhook. */
export type Transform = (
  webhook: Pick<Webhook, 'id' | 'revision'>,
  transformation: Transformation,
  one: Untransformed,
) => Rendering;

/** Time for the templates of one change: of all webhooks, and of one, ms. So one alone cannot take that of the others. */
const changeMs = 500;
const webhookMs = 150;

/**
 * Begins a change, whose templates share a limited time: they hold up its transaction and whatever else this process does. What there is no
 * time left for has failed. Keeps what was parsed by webhook and revision. Pure but for that and the clock; it never throws because
 * of a template. `monotonicNow` gives ms.
 */
export function createTransforming(
  monotonicNow: () => number = () => performance.now(),
  limit = 1000,
): () => Transform {
  const kept = new Map<string, { readonly revision: number; readonly prepared: Prepared }>();

  function preparedFor(
    { id, revision }: Pick<Webhook, 'id' | 'revision'>,
    transformation: Transformation,
  ): ReturnType<typeof prepare> {
    const known = kept.get(id);
    if (known?.revision === revision) return { ok: true, value: known.prepared };
    const parsed = prepare(transformation);
    if (!parsed.ok) return parsed;
    if (kept.size >= limit) kept.delete(kept.keys().next().value ?? '');
    kept.set(id, { revision, prepared: parsed.value });
    return parsed;
  }

  return () => {
    let spent = 0;
    const spentBy = new Map<string, number>();
    return (webhook, transformation, one) => {
      const before = spentBy.get(webhook.id) ?? 0;
      const left = Math.min(renderingMs, changeMs - spent, webhookMs - before);
      if (left <= 0) return noTimeLeft;
      const begun = monotonicNow();
      const prepared = preparedFor(webhook, transformation);
      const rendering: Rendering = prepared.ok
        ? render(prepared.value, scopeOf(one), left)
        : { kind: 'failed', problems: prepared.problems };
      const took = monotonicNow() - begun;
      spent += took;
      spentBy.set(webhook.id, before + took);
      return rendering;
    };
  };
}
