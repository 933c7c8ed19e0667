import { type EventType, occasionsOf, payloadSchema } from '@carillon/contract';
import type { Webhook } from '../subscriptions/webhook.ts';
import { type Prepared, prepare, type Rendering, render, type Transformation } from './transformation.ts';

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

/** Keeps what was parsed by webhook and revision. Pure but for that; it never throws because of a template. */
export function createTransforming(limit = 1000): Transform {
  const kept = new Map<string, { readonly revision: number; readonly prepared: Prepared }>();
  return ({ id, revision }, transformation, one) => {
    const known = kept.get(id);
    if (known?.revision === revision) return render(known.prepared, scopeOf(one));
    const parsed = prepare(transformation);
    if (!parsed.ok) return { kind: 'failed', problems: parsed.problems };
    if (kept.size >= limit) kept.delete(kept.keys().next().value ?? '');
    kept.set(id, { revision, prepared: parsed.value });
    return render(parsed.value, scopeOf(one));
  };
}
