import { afterEach, expect, it, vi } from 'vitest';
import { type CarillonProcess, launchCarillon } from '../support/carillon.ts';
import { onPostgres } from '../support/databases.ts';
import { runs } from '../support/scale.ts';
import { beginLoad } from './load.ts';
import { openReceiver } from './receiver.ts';
import { endLeases, expectAcknowledged, expectComplete, leased, leaseOf, openDeliveries } from './record.ts';
import { Begun, type Env, envAt, octoClient, startServer } from './stage.ts';

const key = 'key-of-the-nodes-test';
const begun = new Begun();
const webhooks = 2;

/** A process with the name of its leases. */
interface Node extends CarillonProcess {
  readonly lease: string;
}

async function launch(env: Env, ...args: string[]): Promise<Node> {
  const node = await launchCarillon({ args: ['serve', '--port', '0', ...args], env });
  begun.add(() => node.signal('SIGKILL'));
  const lease = args.includes('web') ? '' : await leaseOf(node.said);
  return { ...node, lease };
}

/** The environment of nodes whose database has the sample data. */
async function prepared(env: Env): Promise<Env> {
  const shared = { ...env, CARILLON_SECRET: 'the secret of all nodes', CARILLON_DEMO_KEY: key };
  await (await startServer(shared, begun)).stop(1_000);
  return { ...shared, CARILLON_LOG_LEVEL: 'info', CARILLON_ALLOW_PRIVATE_NETWORKS: '127.0.0.0/8' };
}

const oneOf = <T>(list: readonly T[]): T => list[Math.floor(Math.random() * list.length)] as T;

onPostgres('several nodes on one database', (open, place) => {
  afterEach(() => begun.end());

  it('lose nothing, keep order, and repeat only what was in flight, while they are killed, stopped and added', {
    timeout: 60_000 * runs(2),
  }, async () => {
    const at = await place();
    const env = await prepared(await envAt(at, begun));
    const db = await open({ place: at });
    const receiver = await openReceiver();
    begun.add(receiver.close);
    const nodes = new Set(await Promise.all([launch(env), launch(env), launch(env)]));
    const address = () =>
      vi.waitFor(
        () => {
          if (nodes.size === 0) throw new Error('no node is there');
          return oneOf([...nodes]).url;
        },
        { timeout: 30_000, interval: 20 },
      );
    const octo = octoClient(await address(), key);
    for (let n = 0; n < webhooks; n += 1)
      await octo('POST', '/webhooks', { event: 'booking_update', url: receiver.url });

    const load = beginLoad({ clients: 6, key, address });
    const mayRepeat = new Set<string>();
    const dead: string[] = [];
    const starting: Promise<unknown>[] = [];
    const kills = runs(4);
    for (let kill = 0; kill < kills; kill += 1) {
      const until = receiver.arrivals.length + 50 + Math.floor(Math.random() * 300);
      await vi.waitFor(() => expect(receiver.arrivals.length).toBeGreaterThan(until), {
        timeout: 60_000,
        interval: 10,
      });
      await address();
      const victim = oneOf([...nodes]);
      nodes.delete(victim);
      if (kill % 4 === 3) {
        await victim.stop();
        // Whoever stops in good order leaves nothing in flight.
        expect(await leased(db, victim.lease)).toEqual([]);
      } else {
        victim.signal('SIGKILL');
        await victim.ended;
        for (const id of await leased(db, victim.lease)) mayRepeat.add(id);
        dead.push(victim.lease);
        await endLeases(db, victim.lease);
      }
      starting.push(launch(env).then((node) => nodes.add(node)));
    }
    await load.stop();
    await Promise.all(starting);
    const done = async () => {
      // Also what Postgres was still committing when its process was gone.
      for (const lease of dead) await endLeases(db, lease);
      expect(await openDeliveries(db)).toBe(0);
    };
    await vi.waitFor(done, { timeout: 30_000, interval: 50 });
    const { deliveries, repeated } = await expectComplete(db, receiver.arrivals, { webhooks, mayRepeat });
    await expectAcknowledged(db, load.acknowledged);
    expect(deliveries).toBeGreaterThan(50 * kills);
    expect(repeated).toBeLessThanOrEqual(mayRepeat.size);
    for (const node of nodes) await node.stop();
  });

  it('may have roles: one that answers and sends nothing, and one that sends and answers nothing', {
    timeout: 60_000,
  }, async () => {
    const at = await place();
    const env = await prepared(await envAt(at, begun));
    const db = await open({ place: at });
    const receiver = await openReceiver();
    begun.add(receiver.close);
    const web = await launch(env, '--role', 'web');
    const octo = octoClient(web.url, key);
    await octo('POST', '/webhooks', { event: 'booking_update', url: receiver.url });
    const load = beginLoad({ clients: 2, key, address: async () => web.url });
    await vi.waitFor(() => expect(load.count()).toBeGreaterThan(20), { timeout: 10_000, interval: 10 });
    await load.stop();
    expect(await leased(db)).toEqual([]);
    expect(receiver.arrivals).toEqual([]);

    const worker = await launch(env, '--role', 'worker');
    await vi.waitFor(async () => expect(await openDeliveries(db)).toBe(0), { timeout: 10_000, interval: 20 });
    await expectComplete(db, receiver.arrivals, { webhooks: 1, mayRepeat: new Set() });
    expect((await fetch(`${worker.url}/readyz`)).status).toBe(200);
    expect((await fetch(`${worker.url}/octo/products`, { headers: { authorization: `Bearer ${key}` } })).status).toBe(
      404,
    );
    await Promise.all([web.stop(), worker.stop()]);
  });
});
