import { expect, test } from 'vitest';
import { apply, diff, invert, type Operation, PatchError } from './index.ts';

test('each operation becomes its opposite, last first', () => {
  const operations: Operation[] = [
    { op: 'remove', was: 'a', path: '/0' },
    { op: 'add', path: '/1', value: 'c' },
    { op: 'replace', was: 'b', path: '/0', value: 'B' },
  ];
  expect(JSON.stringify(invert(operations))).toBe(
    '[{"op":"replace","was":"B","path":"/0","value":"b"},{"op":"remove","was":"c","path":"/1"},' +
      '{"op":"add","path":"/0","value":"a"}]',
  );
});

test('an inverted diff leads back, and inverted again leads forth', () => {
  const before = { list: [{ id: 1 }, { id: 2 }, { id: 3 }], note: 'x' };
  const after = { list: [{ id: 3, n: 1 }, { id: 1 }], voucher: null };
  const operations = diff(before, after);
  expect(apply(after, invert(operations))).toEqual(before);
  expect(invert(invert(operations))).toEqual(operations);
});

test('a patch without old values is refused, not inverted wrongly', () => {
  const withoutWas = [{ op: 'replace', path: '/a', value: 1 }] as unknown as Operation[];
  expect(() => invert(withoutWas)).toThrow(PatchError);
  expect(() => invert(withoutWas)).toThrow('Operation 0 (replace "/a") has no was');
  expect(() => invert([{ op: 'move', from: '/a', path: '/b' }] as unknown as Operation[])).toThrow(PatchError);
});
