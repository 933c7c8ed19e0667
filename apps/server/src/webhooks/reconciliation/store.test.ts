import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { onEachEngine } from '../../../test/support/databases.ts';
import { openings } from '../../../test/webhooks/stage.ts';
import { knownWebhooks } from './store.ts';

onEachEngine('the webhooks of a report', (open) => {
  const { stage: stageOn } = openings();

  it('are found among more than one statement takes', async () => {
    const db = await open();
    const { subscribe } = await stageOn(db);
    const url = 'https://receiver.example/hook';
    const [first, last] = [await subscribe(url), await subscribe(url)];
    const gone = Array.from({ length: 66_000 }, () => randomUUID());
    expect(await knownWebhooks(db.reader, [first.id, ...gone, last.id])).toEqual(
      [first, last].map(({ id }) => ({ id, url, state: 'active' })),
    );
  });
});
