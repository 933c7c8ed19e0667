import type { EventType } from '@carillon/contract';
import { expect, it } from 'vitest';
import type { Db } from '../../src/platform/db/index.ts';
import { onEachEngine } from '../support/databases.ts';
import { guest, ok, openStage, refused } from './stage.ts';

/** Makes the stored documents of a type longer by so many characters, each. */
async function lengthen(db: Db, type: EventType, by: number): Promise<void> {
  const found = await db.all<{ id: string; after: string }>('select id, after from events where type = $1', [type]);
  for (const { id, after } of found) {
    const document = JSON.parse(after);
    const longer =
      type === 'order_update'
        ? { ...document, contact: { ...document.contact, notes: 'x'.repeat(by) } }
        : { ...document, notes: 'x'.repeat(by) };
    await db.run('update events set after = $2 where id = $1', [id, JSON.stringify(longer)]);
  }
}

const mega = 1024 * 1024;

onEachEngine('a list', (open) => {
  it.each([
    ['booking_update', '/bookings?resellerReference=R', 'bookings'],
    ['order_update', '/orders?contactLastName=Byron', 'orders'],
  ] as const)(
    'of large documents (%s) is refused beyond what one answer can hold, and whole up to there',
    async (...row) => {
      const [type, path, what] = row;
      const { octo, cruise, db } = await openStage(await open());
      const request = { ...cruise(), resellerReference: 'R', contact: guest };
      const made: string[] = [];
      for (let count = 0; count < 17; count++) made.push((await ok(octo.website('POST', '/bookings', request))).uuid);
      await lengthen(db, type, 0.9 * mega);
      expect(await ok(octo.website('GET', path))).toHaveLength(17);
      await lengthen(db, type, mega);
      const { errorMessage } = await refused(octo.website('GET', path), 'UNPROCESSABLE_ENTITY');
      expect(errorMessage).toContain(`The ${what} that match are too large for one answer: ask for`);
    },
  );

  it('that is short as it is stored and long as it is shown is refused too', async () => {
    const { octo, cruise, db, definition, supplier, sample } = await openStage(await open());
    const product = await definition('cruise');
    const description = { $text: { en: 'x'.repeat(1.7 * mega) } };
    await supplier.saveProduct(sample.supplierId, { ...product, description });
    for (let count = 0; count < 20; count++) {
      await ok(octo.website('POST', '/bookings', { ...cruise(), resellerReference: 'R' }));
    }
    expect(await db.all(`select id from events where length(after) > 1000000 and type <> 'product_update'`)).toEqual(
      [],
    );
    const list = () =>
      octo.website('GET', '/bookings?resellerReference=R', undefined, { 'octo-capabilities': 'octo/content' });
    const { errorMessage } = await refused(list(), 'UNPROCESSABLE_ENTITY');
    expect(errorMessage).toBe('what matches is too large for one answer: ask for fewer');
  });
});
