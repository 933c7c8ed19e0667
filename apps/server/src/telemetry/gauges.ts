import { Gauge, type Registry } from 'prom-client';
import { within } from '../platform/clock/index.ts';
import type { Db } from '../platform/db/index.ts';
import type { Log } from '../platform/log/index.ts';
import {
  failingWebhooks,
  type InState,
  mostCounted,
  oldestDue,
  openDeliveries,
  openMessages,
  webhookConditions,
} from './store.ts';

/** How long the database may take to be asked, ms: less than Prometheus waits. */
const limitMs = 2_000;

const conditions = ['healthy', 'failing', 'resting', 'paused', 'disabled'];

/** What the gauges need; `now` gives ms UTC. */
export interface GaugeDeps {
  readonly db: Db;
  readonly log: Pick<Log, 'warn'>;
  readonly now: () => number;
}

/** Registers the numbers that are read from the database, and gives what reads them: never fails. */
export function registerGauges(registry: Registry, { db, log, now }: GaugeDeps): () => Promise<void> {
  const registers = [registry];
  const gauge = <T extends string>(name: string, help: string, labelNames: readonly T[] = []) =>
    new Gauge({ name, help, labelNames, registers });
  const up = gauge('carillon_database_up', '1 if the database answers, else 0.');
  const deliveries = gauge(
    'carillon_deliveries_open',
    `Deliveries that have not ended, by state; no more than ${mostCounted} of a kind are counted.`,
    ['state'],
  );
  const behind = gauge(
    'carillon_deliveries_behind',
    `Pending deliveries that wait for an earlier one of their subject; no more than ${mostCounted} are counted.`,
  );
  const oldest = gauge(
    'carillon_delivery_oldest_due_seconds',
    'For how long the oldest delivery is due, of webhooks that are active and do not rest; 0: nothing is.',
  );
  const webhooks = gauge('carillon_webhooks', 'Webhooks by how they are.', ['condition']);
  const failing = gauge(
    'carillon_webhook_failing_seconds',
    'For how long nothing has been delivered to a webhook that fails; of 200 at the most.',
    ['webhook'],
  );
  const failures = gauge(
    'carillon_webhook_failures',
    'Attempts that failed since the last success; of 200 at the most.',
    ['webhook'],
  );
  const messages = gauge('carillon_messages_open', 'E-mails that have not ended, by state.', ['state']);
  const fromDatabase: readonly Gauge[] = [deliveries, behind, oldest, webhooks, failing, failures, messages];

  function show(of: Gauge<'state'>, rows: readonly InState[]): void {
    for (const { state, count } of rows) of.set({ state }, count);
  }

  const ask = (at: number) =>
    Promise.all([
      openDeliveries(db.reader),
      oldestDue(db.reader, at),
      webhookConditions(db.reader),
      failingWebhooks(db.reader),
      openMessages(db.reader),
    ]);
  /** What the database is being asked: who comes meanwhile waits for the same, also where that has taken too long for the one before. */
  let asking: ReturnType<typeof ask> | undefined;

  async function read(): Promise<void> {
    const at = now();
    asking ??= ask(at).finally(() => {
      asking = undefined;
    });
    const [open, since, byCondition, unwell, waiting] = await within(limitMs, asking);
    show(deliveries, [
      { state: 'pending', count: open.heads + open.behind },
      { state: 'held', count: open.held },
    ]);
    behind.set(open.behind);
    oldest.set(since === null ? 0 : Math.max(0, at - since) / 1000);
    for (const condition of conditions) {
      webhooks.set({ condition }, byCondition.find(({ state }) => state === condition)?.count ?? 0);
    }
    for (const one of unwell) {
      failing.set({ webhook: one.webhook }, Math.max(0, at - one.since) / 1000);
      failures.set({ webhook: one.webhook }, one.failures);
    }
    show(messages, waiting);
  }

  async function refresh(): Promise<void> {
    for (const one of fromDatabase) {
      one.reset();
      // One without labels would be shown as 0.
      one.remove({});
    }
    try {
      await read();
      up.set(1);
    } catch (err) {
      log.warn({ code: 'metrics.database_down', err }, 'the database does not answer');
      up.set(0);
    }
  }

  /** Two at once would empty the gauges for each other. */
  let reading: Promise<void> | undefined;
  return () => {
    reading ??= refresh().finally(() => {
      reading = undefined;
    });
    return reading;
  };
}
