import { expect, it } from 'vitest';
import { onEachEngine } from '../support/databases.ts';
import { ok, openStage, refused } from './stage.ts';

const days = { localDateStart: '2026-06-10', localDateEnd: '2026-06-12' };

onEachEngine('units that availability is asked for', (open) => {
  it('may be named by their type', async () => {
    const { octo, sample } = await openStage(await open());
    const { productId, optionId, units } = sample.products.cruise;
    const ask = (path: string, asked: object) =>
      octo.website(
        'POST',
        path,
        { productId, optionId, ...days, units: [asked] },
        { 'octo-capabilities': 'octo/pricing' },
      );
    for (const path of ['/availability', '/availability/calendar']) {
      const byType = await ok(ask(path, { type: 'CHILD', quantity: 2 }));
      expect(byType).toEqual(await ok(ask(path, { id: units.CHILD, quantity: 2 })));
      expect(byType).not.toEqual(await ok(ask(path, { type: 'ADULT', quantity: 2 })));
      const none = await refused(ask(path, { type: 'MILITARY', quantity: 2 }), 'INVALID_UNIT_ID');
      expect(none).toMatchObject({ unitId: 'MILITARY' });
      expect(await refused(ask(path, { quantity: 2 }), 'INVALID_UNIT_ID')).toMatchObject({ unitId: '' });
      await refused(ask(path, { type: 'DOG', quantity: 2 }), 'BAD_REQUEST');
    }
  });
});
