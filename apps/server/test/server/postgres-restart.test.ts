import { afterEach, describe, expect, it, vi } from 'vitest';
import { openPostgres } from '../../src/platform/db/index.ts';
import { launchCarillon } from '../support/carillon.ts';
import { findBinaries } from '../support/postgres-binaries.ts';
import { startPostgres } from '../support/postgres-server.ts';
import { runs } from '../support/scale.ts';
import { beginLoad } from './load.ts';
import { openReceiver } from './receiver.ts';
import { endLeases, expectAcknowledged, expectComplete, openDeliveries } from './record.ts';
import { Begun, envAt, octoClient } from './stage.ts';

const key = 'key-of-the-restart-test';
const begun = new Begun();
const waiting = { timeout: 30_000, interval: 10 };
// A server of the test's own: it is stopped.
const binaries = await findBinaries(process.env.CARILLON_TEST_POSTGRES);

describe.skipIf('reason' in binaries)('a Postgres that is stopped and started under load', () => {
  afterEach(() => begun.end());

  it('costs the servers nothing but the time: they go on by themselves, and everything arrives once and in order', {
    timeout: 60_000 * runs(2),
  }, async () => {
    if ('reason' in binaries) return;
    const postgres = await startPostgres(binaries, { durable: true });
    begun.add(postgres.end);
    const env = {
      ...(await envAt({ engine: 'postgres', url: postgres.url }, begun)),
      CARILLON_DEMO_KEY: key,
      CARILLON_SECRET: 'the secret of both nodes',
      CARILLON_LOG_LEVEL: 'info',
    };
    const launch = async () => {
      const launched = await launchCarillon({ args: ['start', '--port', '0'], env });
      begun.add(() => launched.signal('SIGKILL'));
      return launched;
    };
    const nodes = [await launch(), await launch()];
    const receiver = await openReceiver();
    begun.add(receiver.close);
    await octoClient(nodes[0]?.url ?? '', key)('POST', '/webhooks', { event: 'booking_update', url: receiver.url });

    let turn = 0;
    const load = beginLoad({ clients: 4, key, address: async () => nodes[turn++ % nodes.length]?.url ?? '' });
    for (let restart = 0; restart < runs(2); restart += 1) {
      const until = load.count() + 60;
      await vi.waitFor(() => expect(load.count()).toBeGreaterThan(until), waiting);
      await postgres.command('stop');
      await postgres.command('start');
    }
    const recovered = load.count() + 30;
    await vi.waitFor(() => expect(load.count()).toBeGreaterThan(recovered), waiting);
    await load.stop();
    // In good order: they were there all the time.
    await Promise.all(nodes.map((node) => node.stop()));

    // What was committed without the server hearing of it keeps the lease that it was made with, which the test does not wait for.
    const db = await openPostgres({ url: postgres.url });
    begun.add(() => db.close());
    await endLeases(db);
    const last = await launch();
    await vi.waitFor(async () => expect(await openDeliveries(db)).toBe(0), waiting);
    await last.stop();
    await expectComplete(db, receiver.arrivals, { webhooks: 1, mayRepeat: new Set() });
    await expectAcknowledged(db, load.acknowledged);
  });
});
