import fc from 'fast-check';
import { expect, it } from 'vitest';
import { runs } from '../../../test/support/scale.ts';
import { type Pace, paceAt, waitForOne } from './pace.ts';

it('never lets more through than the burst and the rate allow, and always one after the wait', () => {
  const rate = fc.record({
    perSecond: fc.double({ min: 0.01, max: 1000, noNaN: true }),
    burst: fc.integer({ min: 1, max: 100 }),
  });
  const asks = fc.array(fc.record({ gap: fc.nat(5000), wanted: fc.nat(50) }), { maxLength: 100 });
  fc.assert(
    fc.property(rate, asks, (limit, list) => {
      let at = 0;
      let sent = 0;
      let pace: Pace = { tokens: limit.burst, filledAt: 0 };
      for (const { gap, wanted } of list) {
        at += gap;
        const now: Pace = paceAt(pace, limit, at);
        const took = Math.min(wanted, Math.floor(now.tokens));
        sent += took;
        pace = { ...now, tokens: now.tokens - took };
        expect(sent).toBeLessThanOrEqual(limit.burst + (at * limit.perSecond) / 1000 + 1e-6);
        const later = paceAt(pace, limit, at + waitForOne(pace, limit));
        expect(later.tokens).toBeGreaterThanOrEqual(1 - 1e-9);
      }
    }),
    { numRuns: runs(200) },
  );
});
