import type { RecordedEvent } from '../../changes/index.ts';
import type { Tx } from '../../platform/db/index.ts';
import type { Job } from '../deliveries/delivery.ts';
import type { Finished } from '../sending/finished.ts';
import { insertTraces } from './store.ts';

/** A part of a trace that has begun. `traceparent` names it to whoever goes on with it (W3C trace context). */
interface Begun {
  readonly traceparent: string;
  /** It is kept: of others nothing is stored. */
  readonly sampled: boolean;
}

/** An event that was recorded; it is kept once it ends, which it does when it is committed. */
export interface ChangeSpan extends Begun {
  end(deliveries: number): void;
}

/** An attempt under way. */
export interface AttemptSpan extends Begun {
  end(finished: Finished): void;
}

/** Traces from changes to attempts. Where they are off, nobody has one of these. */
export interface Tracing {
  change(event: RecordedEvent): ChangeSpan;
  /** An attempt at a delivery, as a part of the trace that its event began; `startedAt` is ms UTC. */
  attempt(job: Job, traceparent: string, startedAt: number): AttemptSpan;
}

/** Begins a trace for each event that something is owed of, and gives its name, by event; each is stored with its event. */
export function traceEvents(tx: Tx, owed: readonly RecordedEvent[], tracing: Tracing): Map<string, string> {
  const byEvent = Map.groupBy(owed, ({ id }) => id);
  const spans = [...byEvent].flatMap(([id, [event, ...others]]) => {
    const span = event && tracing.change(event);
    return span?.sampled ? [{ id, span, at: event?.createdAt ?? 0, deliveries: 1 + others.length }] : [];
  });
  insertTraces(
    tx,
    spans.map(({ id, span, at }) => ({ eventId: id, traceparent: span.traceparent, createdAt: at })),
  );
  tx.afterCommit(() => {
    for (const { span, deliveries } of spans) span.end(deliveries);
  });
  return new Map(spans.map(({ id, span }) => [id, span.traceparent]));
}
