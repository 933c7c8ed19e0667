import { expect, it } from 'vitest';
import { onEachEngine, onPostgres, type Place } from '../../../test/support/databases.ts';
import type { Db } from './db.ts';

/** Counts wakes, and lets a test wait for one. */
class Listener {
  wakes = 0;
  readonly end: () => void;
  #waiting: (() => void)[] = [];

  constructor(db: Db, channel: string) {
    this.end = db.listen(channel, () => {
      this.wakes++;
      for (const resolve of this.#waiting.splice(0)) resolve();
    });
  }

  next(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}

/** On Postgres a listener is told when its connection is made, since it may have missed something before. */
async function listening(place: Place, db: Db, ...channels: string[]): Promise<Listener[]> {
  const listeners = channels.map((channel) => new Listener(db, channel));
  if (place.engine === 'postgres') await Promise.all(listeners.map((listener) => listener.next()));
  for (const listener of listeners) listener.wakes = 0;
  return listeners;
}

onEachEngine('a notification', (open, place) => {
  async function withListeners(...channels: string[]) {
    const at = await place({ migrate: false });
    const db = await open({ place: at, migrate: false });
    return { db, listeners: await listening(at, db, ...channels) };
  }

  it('wakes every listener of its channel, and no other', async () => {
    const { db, listeners } = await withListeners('due', 'due', 'else');
    const woken = Promise.all(listeners.slice(0, 2).map((listener) => listener.next()));
    db.notify('due');
    await woken;
    expect(listeners.map(({ wakes }) => wakes)).toEqual([1, 1, 0]);
  });

  it('is made once for many that come together, and once more for those that came after the first', async () => {
    const { db, listeners } = await withListeners('due', 'fence');
    const [due, fence] = listeners as [Listener, Listener];
    const first = due.next();
    for (let i = 0; i < 1000; i++) db.notify('due');
    await first;
    await due.next();
    // Had there been more for `due`, they would have come before the second of these.
    db.notify('fence');
    db.notify('fence');
    await fence.next();
    await fence.next();
    expect(due.wakes).toBe(2);
  });

  it('does not reach a listener that has ended', async () => {
    const { db, listeners } = await withListeners('due', 'due');
    const [ended, other] = listeners as [Listener, Listener];
    ended.end();
    const woken = other.next();
    db.notify('due');
    await woken;
    expect(ended.wakes).toBe(0);
  });
});

onPostgres('on Postgres a notification', (open, place) => {
  async function twoNodes() {
    const at = await place({ migrate: false });
    const [one, two] = [await open({ place: at, migrate: false }), await open({ place: at, migrate: false })];
    const [here] = (await listening(at, one, 'due')) as [Listener];
    const [there] = (await listening(at, two, 'due')) as [Listener];
    return { one, two, here, there };
  }

  it('reaches the other nodes, and its own only once', async () => {
    const { one, two, here, there } = await twoNodes();
    const [woken, wokenThere] = [here.next(), there.next()];
    one.notify('due');
    await Promise.all([woken, wokenThere]);
    expect(here.wakes).toBe(1);
    const back = here.next();
    two.notify('due');
    await back;
    expect(here.wakes).toBe(2);
  });

  it('is heard again after the connection broke, and listeners are told that they may have missed some', async () => {
    const { one, two, here, there } = await twoNodes();
    const told = Promise.all([here.next(), there.next()]);
    await one.all(`select pg_terminate_backend(pid) from pg_stat_activity
                    where datname = current_database() and application_name = 'carillon notifications'`);
    await told;
    const woken = there.next();
    one.notify('due');
    await woken;
    const back = here.next();
    two.notify('due');
    await back;
  });
});
