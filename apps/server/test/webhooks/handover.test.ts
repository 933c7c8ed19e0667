import { expect, it, vi } from 'vitest';
import { createChanges } from '../../src/changes/index.ts';
import { createIds } from '../../src/platform/ids/index.ts';
import { createSupplier } from '../../src/supplier/index.ts';
import { owedListener } from '../../src/webhooks/index.ts';
import { onEachEngine } from '../support/databases.ts';
import { openings, waiting } from './stage.ts';

onEachEngine('what is owed', (open) => {
  const { stage: stageOn } = openings();

  it('is stored and told of in the log, if whoever should send it at once fails', async () => {
    const stage = await stageOn(await open());
    await stage.subscribe('http://127.0.0.1:9/hook');
    const now = () => stage.clock.now;
    const newId = createIds({ now });
    const errors: object[] = [];
    const sender: Parameters<typeof owedListener>[0]['sender'] = {
      leaseToken: 'failing',
      leaseMs: 60_000,
      startBefore: () => 0,
      leasing: () => ({
        take: () => true,
        offer: () => {
          throw new Error('out of order');
        },
      }),
    };
    const log = { error: (fields: object) => void errors.push(fields) };
    const changes = createChanges({ listeners: [owedListener({ db: stage.db, sender, newId, log })], now, newId });
    const supplier = createSupplier({ db: stage.db, changes, now, newId });
    const { uuid } = await stage.hold();
    await supplier.update(stage.website, uuid, { notes: 'by the window' });
    expect(await stage.deliveries()).toMatchObject([{ state: 'pending', lease_token: 'failing' }]);
    await vi.waitFor(() => expect(errors).toMatchObject([{ code: 'delivery.handover_failed' }]), waiting);
  });
});
