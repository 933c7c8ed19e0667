import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bookingPricing, precisionOf, pricingOf, timesPricing, totalPricing } from './pricing.ts';

const taxes = [
  { name: 'VAT', percent: 19 },
  { name: 'City tax', percent: 2.5 },
];
const amount = fc.nat(10_000_000);
const price = fc.record({
  currency: fc.constant('EUR'),
  original: amount,
  retail: amount,
  net: fc.option(amount),
});

describe('a price', () => {
  it('includes its taxes', () => {
    const vat = [{ name: 'VAT', percent: 19 }];
    expect(pricingOf({ currency: 'EUR', original: 11_900, retail: 11_900, net: null }, vat)).toEqual({
      original: 11_900,
      retail: 11_900,
      net: null,
      currency: 'EUR',
      currencyPrecision: 2,
      includedTaxes: [{ name: 'VAT', original: 1_900, retail: 1_900, net: null }],
    });
  });

  it('has the decimals of its currency', () => {
    expect([precisionOf('EUR'), precisionOf('JPY'), precisionOf('KWD')]).toEqual([2, 0, 3]);
  });

  it('never includes more tax than it is', () => {
    fc.assert(
      fc.property(price, (each) => {
        const { retail, includedTaxes } = pricingOf(each, taxes);
        expect(includedTaxes.reduce((sum, tax) => sum + tax.retail, 0)).toBeLessThanOrEqual(retail);
      }),
    );
  });
});

describe('a total', () => {
  it('is the sum of its parts in every amount and every tax', () => {
    fc.assert(
      fc.property(fc.array(price, { maxLength: 20 }), (prices) => {
        const parts = prices.map((each) => pricingOf(each, taxes));
        const total = totalPricing(parts, 'EUR');
        const sum = (of: (index: number) => number) => parts.reduce((total, _, index) => total + of(index), 0);
        expect(total.retail).toBe(sum((index) => parts[index]?.retail ?? 0));
        expect(total.original).toBe(sum((index) => parts[index]?.original ?? 0));
        expect(total.net).toBe(prices.some(({ net }) => net === null) ? null : sum((index) => parts[index]?.net ?? 0));
        for (const tax of total.includedTaxes) {
          const own = (index: number) => parts[index]?.includedTaxes.find(({ name }) => name === tax.name);
          expect(tax.retail).toBe(sum((index) => own(index)?.retail ?? 0));
        }
      }),
    );
  });

  it('of equal parts is so many times one', () => {
    fc.assert(
      fc.property(price, fc.integer({ min: 1, max: 30 }), (each, quantity) => {
        const one = pricingOf(each, taxes);
        const parts = Array.from({ length: quantity }, () => one);
        expect(timesPricing(one, quantity)).toEqual(totalPricing(parts, 'EUR'));
      }),
    );
  });
});

describe('the price of a booking', () => {
  const euros = (retail: number) => pricingOf({ currency: 'EUR', original: retail, retail, net: null }, taxes);

  it('is that of its option where the product is priced per booking, whatever its units', () => {
    const option = { pricingFrom: [euros(5_900)] };
    fc.assert(
      fc.property(fc.array(price, { maxLength: 10 }), (prices) => {
        const units = prices.map((each) => ({ pricing: pricingOf(each, taxes) }));
        expect(bookingPricing(option, units, 'EUR')).toEqual(euros(5_900));
      }),
    );
    expect(bookingPricing({ pricing: [euros(5_900)] }, [], 'EUR')).toEqual(euros(5_900));
    expect(bookingPricing(option, [], 'USD')).toBeUndefined();
  });

  it('is that of its units together otherwise', () => {
    expect(bookingPricing({}, [{ pricing: euros(100) }, { pricing: euros(250) }], 'EUR')).toMatchObject({
      retail: 350,
    });
  });
});
