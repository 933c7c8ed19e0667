import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { FinishedMessage } from '../email/index.ts';
import { within } from '../platform/clock/index.ts';
import type { Db } from '../platform/db/index.ts';
import type { Log } from '../platform/log/index.ts';
import type { Finished } from '../webhooks/index.ts';
import { type InState, openDeliveries, openMessages } from './store.ts';

/** The numbers of one process. */
export interface Metrics {
  /** Counts an attempt to deliver. */
  readonly attempt: (finished: Finished) => void;
  /** Counts a turn of a message. */
  readonly message: (finished: FinishedMessage) => void;
  /** Prometheus' text format. Never fails: without a database its gauges are missing, and `carillon_database_up` is 0. */
  readonly text: () => Promise<string>;
}

/** How long the database may take to be asked, ms: less than Prometheus waits. */
const limitMs = 2_000;

/** Makes them; gauges of what is open are read from the database when they are asked for. */
export function createMetrics({ db, log }: { readonly db: Db; readonly log: Pick<Log, 'warn'> }): Metrics {
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
  const up = new Gauge({ name: 'carillon_database_up', help: '1 if the database answers, else 0.', registers });
  const open = (name: string, help: string) => new Gauge({ name, help, labelNames: ['state'], registers });
  const deliveriesOpen = open('carillon_deliveries_open', 'Deliveries that have not ended, by state.');
  const messagesOpen = open('carillon_messages_open', 'E-mails that have not ended, by state.');

  async function readOpen(): Promise<void> {
    deliveriesOpen.reset();
    messagesOpen.reset();
    try {
      const [deliveries, waiting] = await within(
        limitMs,
        Promise.all([openDeliveries(db.reader), openMessages(db.reader)]),
      );
      show(deliveriesOpen, deliveries);
      show(messagesOpen, waiting);
      up.set(1);
    } catch (err) {
      log.warn({ code: 'metrics.database_down', err }, 'the database does not answer');
      up.set(0);
    }
  }

  return {
    attempt(finished) {
      if (finished.attempt === null) return;
      attempts.inc({ outcome: finished.attempt.outcome });
      duration.observe(finished.attempt.durationMs / 1000);
    },
    message: ({ state }) => messages.inc({ state }),
    async text() {
      await readOpen();
      return registry.metrics();
    },
  };
}

function show(gauge: Gauge<'state'>, rows: readonly InState[]): void {
  for (const { state, count } of rows) gauge.set({ state }, count);
}
