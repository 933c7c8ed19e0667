import type { Option } from '@carillon/contract';
import { describe, expect, it } from 'vitest';
import { productDocument } from '../catalogue/product.ts';
import { cruise } from '../sample/cruise.ts';
import { checkRestrictions } from './restrictions.ts';

const [sample] = productDocument(cruise).options;
if (sample === undefined) throw new Error('The sample has no option');
const [adult, child] = sample.units;
if (adult === undefined || child === undefined) throw new Error('The sample has no units');

function option(restrictions: Partial<Option['restrictions']>, ofChild: object = {}): Option {
  if (sample === undefined || adult === undefined || child === undefined) throw new Error('No sample');
  const strict = { ...child, restrictions: { ...child.restrictions, ...ofChild } };
  return { ...sample, restrictions: { minUnits: 1, maxUnits: null, ...restrictions }, units: [adult, strict] };
}

const message = (of: Option, ...unitIds: string[]) => {
  const result = checkRestrictions(of, unitIds);
  return !result.ok && result.refusal.kind === 'unprocessable' ? result.refusal.message : 'ok';
};

describe('the units of a booking', () => {
  it('are as many as the option allows', () => {
    expect(message(option({}))).toContain('at least one');
    expect(message(option({ minUnits: 2 }), adult.id)).toContain('at least 2');
    expect(message(option({ maxUnits: 2 }), adult.id, adult.id, child.id)).toContain('at most 2');
    expect(message(option({ maxUnits: 2 }), adult.id, child.id)).toBe('ok');
    expect(message(option({}), ...Array.from({ length: 501 }, () => adult.id))).toContain('at most 500');
  });

  it('are as many of each as the unit allows', () => {
    const some = option({}, { minQuantity: 2, maxQuantity: 3 });
    expect(message(some, adult.id)).toBe('ok');
    expect(message(some, child.id)).toContain('at least 2');
    expect(message(some, child.id, child.id, child.id, child.id)).toContain('at most 3');
  });

  it('are accompanied where they must be', () => {
    const accompanied = option({}, { accompaniedBy: [adult.id] });
    expect(message(accompanied, child.id)).toContain('accompanied');
    expect(message(accompanied, child.id, adult.id)).toBe('ok');
  });
});
