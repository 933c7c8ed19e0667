import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runs } from '../../../test/support/scale.ts';
import { readUnsubscribeToken, unsubscribeToken } from './token.ts';

test('a token says what was put into it, and nothing else can be made to', () => {
  const key = Buffer.alloc(32, 1);
  const said = fc.record({ supplierId: fc.string(), addressHash: fc.string(), messageId: fc.string() });
  fc.assert(
    fc.property(said, fc.nat(), fc.constantFrom('A', 'b', '9', '.'), (one, at, letter) => {
      const token = unsubscribeToken(key, one);
      expect(readUnsubscribeToken(key, token)).toEqual(one);
      expect(readUnsubscribeToken(Buffer.alloc(32, 2), token)).toBeUndefined();
      const place = at % (token.length - 1);
      const changed = token.slice(0, place) + letter + token.slice(place + 1);
      if (changed !== token) expect(readUnsubscribeToken(key, changed)).toBeUndefined();
    }),
    { numRuns: runs(300) },
  );
});
