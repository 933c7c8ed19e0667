import { describe, expect, test } from 'vitest';
import { apply, type Json, type Operation, PatchError } from './index.ts';

/** Operations as they may come from outside: not what their type says. */
const unchecked = (...operations: unknown[]) => operations as Operation[];

function problemOf(document: Json, ...operations: unknown[]): string {
  try {
    apply(document, unchecked(...operations));
  } catch (error) {
    if (error instanceof PatchError) return `${error.index} ${error.problem}`;
    throw error;
  }
  return 'none';
}

describe('apply', () => {
  test('adds, removes and replaces, each operation on what the one before it left', () => {
    const operations: Operation[] = [
      { op: 'remove', was: 'a', path: '/list/0' },
      { op: 'add', path: '/list/1', value: 'c' },
      { op: 'replace', was: 'b', path: '/list/0', value: 'B' },
      { op: 'add', path: '/new', value: { deep: [] } },
      { op: 'add', path: '/new/deep/0', value: 1 },
    ];
    expect(apply({ list: ['a', 'b'] }, operations)).toEqual({ list: ['B', 'c'], new: { deep: [1] } });
  });

  test('does not change the document, the operations, or the values in them', () => {
    const document = { a: { list: [1, 2] }, b: {} };
    const value = { list: [1] };
    const operations: Operation[] = [
      { op: 'add', path: '/c', value },
      { op: 'add', path: '/d', value },
      { op: 'add', path: '/c/list/0', value: 0 },
      { op: 'remove', was: 1, path: '/a/list/0' },
    ];
    expect(apply(document, operations)).toEqual({ a: { list: [2] }, b: {}, c: { list: [0, 1] }, d: { list: [1] } });
    expect(document).toEqual({ a: { list: [1, 2] }, b: {} });
    expect(value).toEqual({ list: [1] });
  });

  test('shares what no operation touches', () => {
    const document = { touched: { n: 1 }, untouched: { n: 1 } };
    const result = apply(document, [{ op: 'replace', was: 1, path: '/touched/n', value: 2 }]) as typeof document;
    expect(result.untouched).toBe(document.untouched);
    expect(apply(document, [])).toBe(document);
  });

  test('replaces the root', () => {
    expect(apply({ a: 1 }, [{ op: 'replace', was: { a: 1 }, path: '', value: [1] }])).toEqual([1]);
  });

  test('sets a member named __proto__ without touching any prototype', () => {
    const result = apply({}, [{ op: 'add', path: '/__proto__', value: { polluted: true } }]) as object;
    expect(Object.getPrototypeOf(result)).toBe(Object.prototype);
    expect(JSON.stringify(result)).toBe('{"__proto__":{"polluted":true}}');
    expect(problemOf({}, { op: 'add', path: '/__proto__/polluted', value: true })).toBe('0 missing-target');
    expect(problemOf({}, { op: 'add', path: '/constructor/prototype/polluted', value: true })).toBe('0 missing-target');
    expect('polluted' in {}).toBe(false);
  });

  test.each<[string, Json, unknown, string]>([
    ['a member that is not there', { a: 1 }, { op: 'remove', was: 1, path: '/b' }, '0 missing-target'],
    ['an inherited name', {}, { op: 'replace', was: 1, path: '/toString', value: 1 }, '0 missing-target'],
    ['a way through a value', { a: 1 }, { op: 'add', path: '/a/b', value: 1 }, '0 missing-target'],
    ['a member of a bare value', 1, { op: 'add', path: '/a', value: 1 }, '0 missing-target'],
    ['an index past the end', [1], { op: 'replace', was: 1, path: '/1', value: 1 }, '0 missing-target'],
    ['a place past the end', [1], { op: 'add', path: '/2', value: 1 }, '0 missing-target'],
    ['an index with a leading zero', [1, 2], { op: 'remove', was: 2, path: '/01' }, '0 missing-target'],
    ['an index that is no number', [1], { op: 'remove', was: 1, path: '/length' }, '0 missing-target'],
    ['a removal of the root', { a: 1 }, { op: 'remove', was: { a: 1 }, path: '' }, '0 missing-target'],
    ['a path without a slash', { a: 1 }, { op: 'remove', was: 1, path: 'a' }, '0 malformed-path'],
    ['a path with a stray tilde', { a: 1 }, { op: 'remove', was: 1, path: '/a~2' }, '0 malformed-path'],
    ['an operation of another kind', { a: 1 }, { op: 'move', from: '/a', path: '/b' }, '0 unknown-operation'],
    ['an add without a value', {}, { op: 'add', path: '/a' }, '0 missing-value'],
  ])('refuses %s', (_what, document, operation, problem) => {
    expect(problemOf(document, operation)).toBe(problem);
  });

  test('says which operation does not fit, and why', () => {
    const operations: Operation[] = [
      { op: 'add', path: '/a', value: 1 },
      { op: 'remove', was: 1, path: '/b/c' },
    ];
    expect(() => apply({}, operations)).toThrow(
      'Operation 1 (remove "/b/c") has a path that the document does not have',
    );
  });

  test('adds at the end of an array by the index - as RFC 6902 has it', () => {
    expect(apply([1], [{ op: 'add', path: '/-', value: 2 }])).toEqual([1, 2]);
    expect(problemOf([1], { op: 'remove', was: 1, path: '/-' })).toBe('0 missing-target');
  });
});
