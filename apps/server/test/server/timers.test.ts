import { afterEach, expect, it, vi } from 'vitest';
import { onPostgres } from '../support/databases.ts';
import { openReceiver } from './receiver.ts';
import { openDeliveries } from './record.ts';
import { Begun, contact, cruiseRequest, envAt, octoClient, startServer } from './stage.ts';

const key = 'key-of-the-timers-test';
const token = 'token-of-the-timers-test';
const cruise = '/api/products/c1000000-0000-4000-8000-000000000001/options/c1000000-0000-4000-8000-000000000002';
const anyDay = { weekdays: [1, 2, 3, 4, 5, 6, 7], startTimes: null, season: { from: null, to: null } };
const begun = new Begun();
const waiting = { timeout: 20_000, interval: 50 };

onPostgres('the timers of three nodes', (open, place) => {
  afterEach(() => begun.end());

  it('expire each hold, tell of each edit and send each e-mail once', { timeout: 60_000 }, async () => {
    const at = await place();
    const env = {
      ...(await envAt(at, begun)),
      CARILLON_SECRET: 'the secret of all nodes',
      CARILLON_DEMO_KEY: key,
      CARILLON_ADMIN_TOKEN: token,
      CARILLON_HOLD_SECONDS: '1',
      CARILLON_SETTLING_MS: '0',
    };
    const nodes = [await startServer(env, begun), await startServer(env, begun), await startServer(env, begun)];
    const [first] = nodes;
    const receiver = await openReceiver();
    begun.add(receiver.close);
    const octo = octoClient(first?.url ?? '', key);
    await octo('POST', '/webhooks', { event: 'booking_update', url: receiver.url });
    const request = await cruiseRequest(octo);

    const [held, confirmed] = [30, 10];
    await Promise.all(Array.from({ length: held }, () => octo('POST', '/bookings', request)));
    for (let n = 0; n < confirmed; n += 1) {
      const { uuid } = await octo<{ uuid: string }>('POST', '/bookings', request);
      await octo('POST', `/bookings/${uuid}/confirm`, { contact });
    }
    const edit = await fetch(`${first?.url}${cruise}`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ capacities: [{ ...anyDay, capacity: 77 }] }),
    });
    expect([edit.status, await edit.text()]).toEqual([200, expect.any(String)]);

    const db = await open({ place: at });
    const count = async (sql: string) => (await db.all<{ n: number }>(sql))[0]?.n;
    await vi.waitFor(async () => {
      expect(await count(`select count(*) as n from bookings where status = 'EXPIRED'`)).toBe(held);
      expect(await count('select count(*) as n from mails')).toBe(confirmed);
      expect(await count('select count(*) as n from catalogue_edits')).toBe(0);
      expect(await openDeliveries(db)).toBe(0);
    }, waiting);
    const [changes] = await db.all<{ n: number; subjects: number }>(
      `select count(*) as n, count(distinct subject_id) as subjects from events
        where type = 'booking_update' and before_event_id is not null`,
    );
    expect(changes).toEqual({ n: held + confirmed, subjects: held + confirmed });
    expect(receiver.arrivals).toHaveLength(held + confirmed);
    expect(new Set(receiver.arrivals.map(({ id }) => id)).size).toBe(held + confirmed);
    // Those that look the same after two events were told of it twice.
    const twice = await db.all<{ subject_id: string }>(
      `select subject_id from events where type = 'availability_update' and after like '%"capacity":77%'
        group by subject_id, after having count(*) > 1`,
    );
    expect(twice).toEqual([]);
    expect(await count(`select count(*) as n from events where after like '%"capacity":77%'`)).toBeGreaterThan(100);
    for (const node of nodes) await node.stop(5_000);
  });
});
