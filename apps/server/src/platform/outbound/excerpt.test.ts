import fc from 'fast-check';
import { expect, it } from 'vitest';
import { runs } from '../../../test/support/scale.ts';
import { Excerpt } from './excerpt.ts';

const numRuns = runs(300);

/** Cuts bytes at the given places, as a network might. */
function pieces(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length];
  return places.slice(1).map((end, n) => bytes.subarray(places[n], end));
}

it('is the same however the body was cut into pieces, and never longer than its limit', () => {
  const body = fc.oneof(
    fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
    fc.uint8Array().map((bytes) => Buffer.from(bytes)),
  );
  fc.assert(
    fc.property(body, fc.array(fc.nat()), fc.nat(40), (bytes, cuts, limit) => {
      const [whole, cut] = [new Excerpt(limit), new Excerpt(limit)];
      whole.add(bytes);
      for (const piece of pieces(bytes, cuts)) cut.add(piece);
      expect(cut.text()).toBe(whole.text());
      expect(cut.truncated).toBe(bytes.length > limit);
      expect(cut.text().length).toBeLessThanOrEqual(limit);
      expect(cut.text()).not.toContain('\0');
      expect(cut.text().isWellFormed()).toBe(true);
    }),
    { numRuns },
  );
});

it('is the text itself where that fits, without its NULs', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const excerpt = new Excerpt(100_000);
      excerpt.add(Buffer.from(text));
      expect(excerpt.text()).toBe(text.replaceAll('\0', ''));
    }),
    { numRuns },
  );
});

it('does not change with the bytes that it was given', () => {
  const excerpt = new Excerpt(10);
  const chunk = Buffer.from('abc');
  excerpt.add(Buffer.from('1'));
  excerpt.add(chunk);
  chunk.fill(0);
  expect(excerpt.text()).toBe('1abc');
});
