import { expect, it, vi } from 'vitest';
import type { Db } from '../../src/platform/db/index.ts';
import { onEachEngine } from '../support/databases.ts';
import { openings, waiting } from './stage.ts';

onEachEngine('outcomes that the database refuses', (open) => {
  const { stage: stageOn, receiver: receiverOf } = openings();

  /** Indexes that refuse some answers: by a rule that the error names, or by an error that may be about anything. */
  const refusing = {
    rule: () => `create unique index refusing on attempts (response) where response = 'poison'`,
    anything: (db: Db) => {
      const poisoned = (bad: string, good: string) => `case when response = 'poison' then ${bad} else ${good} end`;
      return db.dialect.concurrent
        ? `create index refusing on attempts ((1 / ${poisoned('0', '1')}))`
        : `create index refusing on attempts (json(${poisoned(`'{'`, `'1'`)}))`;
    },
  };

  it.each(['rule', 'anything'] as const)(
    '(by %s) are told by the ids of their deliveries, and hold up no other',
    async (which) => {
      const logged: Record<string, unknown>[] = [];
      const db = await open();
      const stage = await stageOn(db, { logged: (line) => logged.push(line), limits: { settleLingerMs: 50 } });
      await db.run(refusing[which](db));
      const poisonous = which === 'rule' ? [5, 10] : [5];
      const receiver = await receiverOf((_, count) => ({
        status: 200,
        body: poisonous.includes(count) ? 'poison' : `${count}`,
      }));
      await stage.subscribe(receiver.url);
      for (let made = 0; made < 12; made++) await stage.confirm((await stage.hold()).uuid);
      stage.engine.start();
      const states = async () => (await stage.deliveries()).map(({ state }) => state).sort();
      await vi.waitFor(
        async () => expect(await states()).toEqual([...Array(11).fill('delivered'), 'pending']),
        waiting,
      );
      const [left] = (await stage.deliveries()).filter(({ state }) => state === 'pending');
      // It is sent again when its lease ends.
      expect(left?.lease_token).toBe(stage.engine.leaseToken);
      await vi.waitFor(() => expect(logged).toMatchObject([{ code: 'delivery.settle_failed' }]), waiting);
      expect(JSON.stringify(logged[0])).toContain(left?.id);
      await stage.confirm((await stage.hold()).uuid);
      await vi.waitFor(async () => expect(await states()).toHaveLength(13), waiting);
      await vi.waitFor(async () => expect((await states()).slice(0, 12)).toEqual(Array(12).fill('delivered')), waiting);
    },
  );
});
