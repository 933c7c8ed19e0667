import { expect, it, vi } from 'vitest';
import { onEachEngine } from '../../../test/support/databases.ts';
import type { Db } from '../../platform/db/index.ts';
import { createArrivals } from './arrivals.ts';

const never = new AbortController().signal;
const long = { seen: 0, ms: 600_000, signal: never };

const record = (db: Db, { listener }: ReturnType<typeof createArrivals>) =>
  db.transaction((tx) => listener.recorded(tx, []));

onEachEngine('whoever waits for events', (open, place) => {
  it('is woken by one that is recorded in another process', async () => {
    const at = await place();
    const here = await open({ place: at });
    // SQLite has one process.
    const there = here.dialect.concurrent ? await open({ place: at }) : here;
    const [waiting, recording] = [createArrivals(here), createArrivals(there)];
    waiting.start();
    recording.start();
    let woken = false;
    const wait = waiting.wait(long).then(() => {
      woken = true;
    });
    await vi.waitFor(async () => {
      await record(there, recording);
      expect(woken).toBe(true);
    });
    await wait;
  });

  it('does not miss what came just before, and does not wait where nobody may any more', async () => {
    const db = await open();
    const arrivals = createArrivals(db);
    arrivals.start();
    await vi.waitFor(async () => {
      db.notify('events');
      expect(arrivals.count).toBeGreaterThan(0);
    });
    await arrivals.wait(long);
    const gone = new AbortController();
    const waits = arrivals.wait({ ...long, seen: arrivals.count, signal: gone.signal });
    gone.abort();
    await waits;
    arrivals.end();
    await arrivals.wait({ ...long, seen: arrivals.count });
  });

  it('costs nothing where nobody waits', async () => {
    const db = await open();
    const arrivals = createArrivals(db);
    const notify = vi.spyOn(db, 'notify');
    await record(db, arrivals);
    expect(notify).not.toHaveBeenCalled();
  });
});
