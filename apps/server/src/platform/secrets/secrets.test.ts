import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../../../test/support/scale.ts';
import { hashKey, randomKey } from './keys.ts';
import { CannotOpen, createSealing } from './sealing.ts';

const [first, second] = ['the first master secret', 'the second master secret'];

/** The reason why a text cannot be opened. */
function fault(open: () => string): string {
  try {
    return `opened: ${open()}`;
  } catch (error) {
    return error instanceof CannotOpen ? error.reason : `another error: ${error}`;
  }
}

describe('a sealed text', () => {
  it('opens to what it was and does not show it', () => {
    const { seal, open } = createSealing([first]);
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const sealed = seal(text);
        expect(open(sealed)).toBe(text);
        expect(sealed).toMatch(/^s1\.[\da-f]{8}\.[\w-]+$/);
        expect(seal(text)).not.toBe(sealed);
      }),
      { numRuns: runs(200) },
    );
    expect(Buffer.from(seal('whsec_abc').split('.')[2] ?? '', 'base64url').includes('whsec_abc')).toBe(false);
  });

  it('opens after a restart with the same secret', () => {
    expect(createSealing([first]).open(createSealing([first]).seal('kept'))).toBe('kept');
  });

  // Sealed once by this code: if this no longer opens, nothing in anyone's database does.
  it('opens although it was sealed long ago', () => {
    expect(createSealing([first]).open('s1.5653eab6.J5mq7W7Jiupen4iICjJklWw9XVlmdFjHCc5rJOlJ-kuitTndgYM')).toBe(
      'whsec_Zoë',
    );
  });

  it('opens after its secret was rotated out, while that is still listed, and new ones are sealed with the new', () => {
    const [old, rotated] = [createSealing([first]), createSealing([second, first])];
    expect(rotated.open(old.seal('kept'))).toBe('kept');
    expect(rotated.keyId).not.toBe(old.keyId);
    expect(createSealing([second]).open(rotated.seal('new'))).toBe('new');
    expect(fault(() => old.open(rotated.seal('new')))).toBe('unknown_key');
    expect(fault(() => createSealing([second]).open(old.seal('kept')))).toBe('unknown_key');
  });

  it('does not open once a single bit of it is changed', () => {
    const { seal, open } = createSealing([first]);
    const [version, id, data = ''] = seal('a secret').split('.');
    const bytes = Buffer.from(data, 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = Buffer.from(bytes);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(fault(() => open(`${version}.${id}.${changed.toString('base64url')}`))).toBe('damaged');
    }
  });

  it.each(['', 'whsec_plain', 's1..', 's1.00000000.', 's1.00000000.AAAA', 's2.00000000.AAAA'])(
    'is not what was never sealed: "%s"',
    (text) => {
      expect(fault(() => createSealing([first]).open(text))).toBe('damaged');
    },
  );

  it('needs a secret of some length', () => {
    expect(() => createSealing(['short'])).toThrow('at least 16 characters');
    expect(() => createSealing([first, 'short'])).toThrow('at least 16 characters');
  });
});

describe('keys', () => {
  it('are long, random and carry their prefix', () => {
    const keys = Array.from({ length: 1000 }, () => randomKey('ck'));
    expect(new Set(keys).size).toBe(1000);
    for (const key of keys) expect(key).toMatch(/^ck_[\w-]{43}$/);
  });

  it('are hashed with SHA-256', () => {
    expect(hashKey('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});
