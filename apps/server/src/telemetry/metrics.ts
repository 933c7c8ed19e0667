import { Counter, Histogram, Registry } from 'prom-client';
import type { FinishedMessage } from '../email/index.ts';
import type { Db, Tx } from '../platform/db/index.ts';
import type { Log } from '../platform/log/index.ts';
import type { Finished } from '../webhooks/index.ts';
import { registerGauges } from './gauges.ts';

/** The numbers of one process. */
export interface Metrics {
  /** Counts an attempt to deliver. */
  readonly attempt: (finished: Finished) => void;
  /** Counts deliveries that were claimed, or whose outcomes were stored, in one go. */
  readonly batch: (kind: 'claim' | 'settle', size: number) => void;
  /** Counts events, once they are committed. */
  readonly events: { recorded(tx: Tx, events: readonly { readonly type: string }[]): Promise<void> };
  /** Counts a turn of a message. */
  readonly message: (finished: FinishedMessage) => void;
  /** Prometheus' text format. Never fails: without a database its gauges are missing, and `carillon_database_up` is 0. */
  readonly text: () => Promise<string>;
}

/** Makes them; gauges of what is open are read from the database when they are asked for. `now` gives ms UTC. */
export function createMetrics(deps: {
  readonly db: Db;
  readonly log: Pick<Log, 'warn'>;
  readonly now: () => number;
}): Metrics {
  const { db } = deps;
  const registry = new Registry();
  const registers = [registry];
  const attempts = new Counter({
    name: 'carillon_delivery_attempts_total',
    help: 'Attempts to deliver to webhooks, by outcome.',
    labelNames: ['outcome'],
    registers,
  });
  const duration = new Histogram({
    name: 'carillon_delivery_attempt_seconds',
    help: 'How long attempts took.',
    buckets: [0.005, 0.02, 0.05, 0.1, 0.3, 1, 3, 10, 15],
    registers,
  });
  const first = new Histogram({
    name: 'carillon_delivery_first_attempt_seconds',
    help: 'From the change until the first attempt began, of deliveries that nothing but their lane has delayed.',
    buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.3, 1, 3, 10, 60, 600],
    registers,
  });
  const batches = new Histogram({
    name: 'carillon_delivery_batch_size',
    help: 'Deliveries that were claimed, or whose outcomes were stored, in one go.',
    labelNames: ['kind'],
    buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256],
    registers,
  });
  const events = new Counter({
    name: 'carillon_events_total',
    help: 'Events that were recorded, by type.',
    labelNames: ['type'],
    registers,
  });
  const messages = new Counter({
    name: 'carillon_messages_total',
    help: 'Turns of e-mails to guests, by the state that they led to.',
    labelNames: ['state'],
    registers,
  });
  new Counter({
    name: 'carillon_statements_total',
    help: 'Database statements since the start.',
    registers,
    collect() {
      this.reset();
      this.inc(db.statements);
    },
  });
  const readGauges = registerGauges(registry, deps);

  return {
    attempt(finished) {
      if (finished.attempt === null) return;
      attempts.inc({ outcome: finished.attempt.outcome });
      duration.observe(finished.attempt.durationMs / 1000);
      if (finished.firstAfterMs !== null) first.observe(finished.firstAfterMs / 1000);
    },
    batch: (kind, size) => batches.observe({ kind }, size),
    events: {
      async recorded(tx, recorded) {
        tx.afterCommit(() => {
          for (const { type } of recorded) events.inc({ type });
        });
      },
    },
    message: ({ state }) => messages.inc({ state }),
    async text() {
      await readGauges();
      return registry.metrics();
    },
  };
}
