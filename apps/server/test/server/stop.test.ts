import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { launchCarillon } from '../support/carillon.ts';
import { onEachEngine, onSqlite } from '../support/databases.ts';
import { openReceiver } from './receiver.ts';
import { Begun, contact, cruiseRequest, envAt, octoClient } from './stage.ts';

const key = 'key-of-these-tests';
const begun = new Begun();

async function launch(args: readonly string[], env: Readonly<Record<string, string>>) {
  const server = await launchCarillon({ args: [...args, '--port', '0'], env: { ...env, CARILLON_DEMO_KEY: key } });
  begun.add(() => server.signal('SIGKILL'));
  return server;
}

/** A server with a delivery under way that its receiver does not answer until it is let. */
async function withDeliveryInHand(env: Readonly<Record<string, string>>) {
  const { promise: answer, resolve: letAnswer } = Promise.withResolvers<void>();
  const receiver = await openReceiver(() => answer);
  begun.add(receiver.close);
  const server = await launch(['start'], env);
  const octo = octoClient(server.url, key);
  await octo('POST', '/webhooks', { event: 'booking_update', url: receiver.url });
  const { uuid } = await octo<{ uuid: string }>('POST', '/bookings', await cruiseRequest(octo));
  await octo('POST', `/bookings/${uuid}/confirm`, { contact });
  await vi.waitFor(() => expect(receiver.arrivals).toHaveLength(1), { timeout: 4_000, interval: 10 });
  return { server, letAnswer };
}

const stopping = (said: readonly string[]) => expect(said.join('\n')).toContain('server.stopping');

onEachEngine('a server that is told to stop', (open, place) => {
  afterEach(() => begun.end());

  it('finishes the delivery that is under way', { timeout: 30_000 }, async () => {
    const at = await place();
    const { server, letAnswer } = await withDeliveryInHand(await envAt(at, begun));
    server.signal('SIGTERM');
    // A signal to the whole group comes twice, and is one.
    server.signal('SIGTERM');
    await vi.waitFor(() => stopping(server.said), { timeout: 4_000, interval: 10 });
    await expect(fetch(`${server.url}/healthz`)).rejects.toThrow();
    letAnswer();
    expect(await server.ended).toBe(0);
    const db = await open({ place: at });
    expect(await db.all('select state, lease_token from deliveries')).toEqual([
      { state: 'delivered', lease_token: null },
    ]);
  });

  it('ends at once when it is told again', { timeout: 30_000 }, async () => {
    const { server } = await withDeliveryInHand(await envAt(await place(), begun));
    const impatient = setInterval(() => server.signal('SIGINT'), 100);
    expect(await server.ended.finally(() => clearInterval(impatient))).toBe(1);
    expect(server.said.join('\n')).not.toContain('server.stopped');
  });
});

onSqlite('a data directory in use', (_open, place) => {
  afterEach(() => begun.end());

  it('is refused to a second server, and open to the next right after a kill -9', { timeout: 30_000 }, async () => {
    const at = await place();
    if (at.engine !== 'sqlite') return;
    const first = await launch(['serve', '--data', at.directory], {});
    await expect(launch(['serve', '--data', at.directory], {})).rejects.toThrow(
      `another Carillon server is running on the data directory ${at.directory}`,
    );
    first.signal('SIGKILL');
    await first.ended;
    const next = await launch(['serve', '--data', at.directory], {});
    await next.stop();
  });

  it('holds nothing that others may read, also when it was there before', { timeout: 30_000 }, async () => {
    const at = await place({ migrate: false });
    if (at.engine !== 'sqlite') return;
    const server = await launch(['serve', '--data', at.directory], {});
    for (const file of ['carillon.db', 'carillon.db-wal', 'lock.db', 'secret.key']) {
      expect([file, (await stat(join(at.directory, file))).mode & 0o077]).toEqual([file, 0]);
    }
    await server.stop();
  });
});
