import { randomUUID } from 'node:crypto';
import { afterEach, expect, it, vi } from 'vitest';
import { launchCarillon } from '../support/carillon.ts';
import { onEachEngine } from '../support/databases.ts';
import { runs } from '../support/scale.ts';
import { openReceiver } from './receiver.ts';
import { Begun, contact, cruiseRequest, envAt, type Octo, octoClient } from './stage.ts';

const key = 'key-of-the-crash-test';
const begun = new Begun();
const clients = 8;
const acknowledgedPerRun = 120;

/** What the guests of one client were told: bookings with the changes that were acknowledged, in order. */
type Acknowledged = Map<string, string[]>;

/** Books, confirms and changes bookings one after the other, until the server is gone. */
async function makeChanges(octo: Octo, acknowledged: Acknowledged, count: () => void): Promise<void> {
  const request = await cruiseRequest(octo);
  for (;;) {
    const uuid = randomUUID();
    await octo('POST', '/bookings', { ...request, uuid });
    const changes: string[] = [];
    acknowledged.set(uuid, changes);
    const note = async (change: string, path: string, method: string, body: object) => {
      await octo(method, `/bookings/${uuid}${path}`, body);
      changes.push(change);
      count();
    };
    await note('confirmed', '/confirm', 'POST', { contact, notes: 'confirmed' });
    for (const change of ['first', 'second', 'third']) await note(change, '', 'PATCH', { notes: change });
  }
}

onEachEngine('kill -9 of a server at work', (open, place) => {
  afterEach(() => begun.end());

  it("loses no acknowledged change and no delivery, and each booking's arrive in order", {
    timeout: 120_000,
  }, async () => {
    const at = await place();
    const env = { ...(await envAt(at, begun)), CARILLON_DEMO_KEY: key, CARILLON_LOG_LEVEL: 'info' };
    const receiver = await openReceiver();
    begun.add(receiver.close);
    const start = async () => {
      const server = await launchCarillon({ args: ['start', '--port', '0'], env });
      begun.add(() => server.signal('SIGKILL'));
      return server;
    };
    let server = await start();
    await octoClient(server.url, key)('POST', '/webhooks', { event: 'booking_update', url: receiver.url });

    const acknowledged: Acknowledged = new Map();
    for (let run = 0; run < runs(2); run++) {
      const octo = octoClient(server.url, key);
      let left = acknowledgedPerRun + 17 * run;
      const count = () => {
        left -= 1;
        if (left === 0) server.signal('SIGKILL');
      };
      await Promise.allSettled(Array.from({ length: clients }, () => makeChanges(octo, acknowledged, count)));
      expect(left).toBeLessThanOrEqual(0);
      await server.ended;
      if (at.engine === 'postgres') {
        // On Postgres another node could still be at work: leases hold until they end, which the test does not wait for.
        const db = await open({ place: at });
        await db.run('update deliveries set lease_until = 0');
        await db.close();
      }
      server = await start();
    }

    const arrived = () => {
      const first = new Map(receiver.arrivals.toReversed().map((arrival) => [arrival.id, arrival]));
      const inOrder = [...first.values()].toReversed();
      return Map.groupBy(inOrder, ({ booking }) => booking.uuid);
    };
    await vi.waitFor(
      () => {
        const changes = arrived();
        for (const [uuid, expected] of acknowledged) {
          expect(changes.get(uuid)?.map(({ booking }) => booking.notes) ?? []).toEqual(
            expect.arrayContaining(expected),
          );
        }
      },
      { timeout: 30_000, interval: 100 },
    );
    await server.stop();
    const order = ['confirmed', 'first', 'second', 'third'];
    for (const [uuid, changes] of arrived()) {
      const notes = changes.map(({ booking }) => booking.notes ?? '');
      // Each once, from the first on; after the acknowledged ones there may be one more, whose answer was cut off.
      expect(notes).toEqual(order.slice(0, notes.length));
      expect(notes.length - (acknowledged.get(uuid)?.length ?? 0)).toBeLessThanOrEqual(1);
    }
    const db = await open({ place: at });
    const [owed] = await db.all<{ n: number }>(`select count(*) as n from deliveries where state <> 'delivered'`);
    expect(owed).toEqual({ n: 0 });
  });
});
