import { expect, it } from 'vitest';
import { refusalOf } from '../supplier/stage.ts';
import { onEachEngine } from '../support/databases.ts';
import { openStage, refused } from './stage.ts';

onEachEngine('a currency that does not exist', (open) => {
  it('is refused in bookings, orders, availability and the catalogue', async () => {
    const stage = await openStage(await open());
    const { website } = stage.octo;
    const { productId, optionId } = stage.cruise();
    const days = { localDateStart: '2026-06-10', localDateEnd: '2026-06-10' };
    const calls = [
      website('POST', '/bookings', { ...stage.cruise(), currency: 'ABC' }),
      website('POST', '/orders', { currency: 'ABC' }),
      website('POST', '/availability', { productId, optionId, ...days, currency: 'ABC' }),
    ];
    for (const call of calls) {
      const { errorMessage } = await refused(call, 'BAD_REQUEST');
      expect(errorMessage).toBe('currency must be the code of a currency that exists (ISO 4217)');
    }
    const definition = await stage.definition('cruise');
    const availableCurrencies = [...definition.availableCurrencies, 'ABC'];
    const saved = await stage.supplier.saveProduct(stage.sample.supplierId, { ...definition, availableCurrencies });
    expect(refusalOf(saved)).toMatchObject({ message: 'The currency ABC is not known (ISO 4217).' });
  });
});
