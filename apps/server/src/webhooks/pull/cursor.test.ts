import fc from 'fast-check';
import { expect, it } from 'vitest';
import { runs } from '../../../test/support/scale.ts';
import { cursorOf, placeOf } from './cursor.ts';

it('a cursor leads back to its place, and no other text leads anywhere', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), (place) => {
      expect(placeOf(cursorOf(place))).toBe(place);
    }),
    { numRuns: runs(200) },
  );
  fc.assert(
    fc.property(fc.string(), (text) => {
      const place = placeOf(text);
      if (place !== undefined) expect(cursorOf(place)).toBe(text);
    }),
    { numRuns: runs(200) },
  );
  for (const text of ['', '1.5', 'MS4', `${cursorOf(7)}=`]) expect(placeOf(text)).toBeUndefined();
});
