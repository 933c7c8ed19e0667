import { expect, test } from 'vitest';
import { skipMessages } from '../../src/email/index.ts';
import { onEachEngine } from '../support/databases.ts';
import { createDesk } from './desk.ts';
import { accepted, confirmedOrder, provider } from './provider.ts';

const setState = (db: Awaited<ReturnType<typeof createDesk>>['db'], state: string) =>
  db.run('update suppliers set state = $1', [state]);

onEachEngine('e-mails of a supplier', (open) => {
  test('that is suspended wait, and leave once it is resumed', async () => {
    const sender = provider(accepted);
    const desk = await createDesk(await open(), { provider: sender });
    await setState(desk.db, 'suspended');
    await confirmedOrder(desk);
    expect(await desk.messages()).toMatchObject([{ state: 'settling' }]);
    // Nothing is said to be due, so that the worker does not come back for it at once, again and again.
    expect(await desk.work()).toBe('idle');
    expect(sender.mails).toEqual([]);
    await setState(desk.db, 'active');
    await desk.run();
    expect(await desk.messages()).toMatchObject([{ state: 'sent' }]);
    expect(sender.mails).toHaveLength(1);
  });

  test('that was deleted are not opened any more, though its holds expire still', async () => {
    const desk = await createDesk(await open(), { provider: provider(accepted) });
    await setState(desk.db, 'deleted');
    await confirmedOrder(desk);
    expect(await desk.messages()).toEqual([]);
  });

  test('that is deleted end, with the reason', async () => {
    const sender = provider(accepted);
    const desk = await createDesk(await open(), { provider: sender });
    await setState(desk.db, 'suspended');
    await confirmedOrder(desk);
    await desk.db.transaction((tx) => skipMessages(tx, 'harbour', 'the supplier was deleted', desk.clock.now));
    await setState(desk.db, 'active');
    await desk.run();
    expect(await desk.messages()).toMatchObject([{ state: 'skipped', reason: 'the supplier was deleted' }]);
    expect(sender.mails).toEqual([]);
  });
});
