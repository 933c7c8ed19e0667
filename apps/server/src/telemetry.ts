import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Db } from './platform/db/index.ts';
import type { Finished } from './webhooks/index.ts';

/** Prometheus metrics of one process. Gauges of the queue are read from the database when they are asked for. */
export function createMetrics(db: Db): { attempt: (finished: Finished) => void; text: () => Promise<string> } {
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
  new Gauge({
    name: 'carillon_deliveries_open',
    help: 'Deliveries that have not ended, by state.',
    labelNames: ['state'],
    registers,
    async collect() {
      this.reset();
      for (const row of await openDeliveries(db)) this.set({ state: row.state }, row.count);
    },
  });
  new Gauge({
    name: 'carillon_statements_total',
    help: 'Database statements since the start.',
    registers,
    collect() {
      this.set(db.statements);
    },
  });
  return {
    attempt(finished) {
      if (finished.attempt === null) return;
      attempts.inc({ outcome: finished.attempt.outcome });
      duration.observe(finished.attempt.durationMs / 1000);
    },
    text: () => registry.metrics(),
  };
}

function openDeliveries(db: Db): Promise<{ state: string; count: number }[]> {
  return db.reader.all(
    `select state, count(*) as count from deliveries where state in ('pending', 'held') group by state`,
  );
}
