import { describe, expect, test } from 'vitest';
import { booking, confirmed } from '../../../bench/fixtures/booking.ts';
import { order, withoutFirst, withoutFirstAndEdited } from '../../../bench/fixtures/order.ts';
import { apply, diff, type Json } from './index.ts';

describe('members', () => {
  test('a changed status is one replace with its old and new value, keys in the order of the help article', () => {
    const operations = diff({ id: 'b1', status: 'ON_HOLD' }, { id: 'b1', status: 'CONFIRMED' });
    expect(JSON.stringify(operations)).toBe('[{"op":"replace","was":"ON_HOLD","path":"/status","value":"CONFIRMED"}]');
  });

  test('a new member is added without was, a missing one removed without value', () => {
    expect(diff({ notes: null }, { voucher: { code: 'A' } })).toStrictEqual([
      { op: 'remove', was: null, path: '/notes' },
      { op: 'add', path: '/voucher', value: { code: 'A' } },
    ]);
  });

  test('an object is edited in its fields, never replaced, however much of it differs', () => {
    const paths = diff({ contact: { a: 1, b: 2, c: 3 } }, { contact: { a: 4, b: 5, c: 6 } }).map(({ path }) => path);
    expect(paths).toEqual(['/contact/a', '/contact/b', '/contact/c']);
  });

  test('a value of another kind is replaced whole', () => {
    const pairs: [Json, Json][] = [
      [null, {}],
      [{}, []],
      [[], {}],
      ['1', 1],
      [0, false],
      [{ a: 1 }, null],
    ];
    for (const [was, value] of pairs) {
      expect(diff({ x: was }, { x: value })).toStrictEqual([{ op: 'replace', was, path: '/x', value }]);
      expect(diff(was, value)).toStrictEqual([{ op: 'replace', was, path: '', value }]);
    }
  });

  test('the order of members, and 0 against -0, make no difference', () => {
    expect(diff({ a: 1, b: { c: 0, d: 2 } }, { b: { d: 2, c: -0 }, a: 1 })).toEqual([]);
  });

  test('a document a thousand levels deep is compared', () => {
    const nested = (leaf: Json) => Array.from({ length: 1_000 }).reduce<Json>((inside) => ({ a: inside }), leaf);
    expect(diff(nested(1), nested(2))).toHaveLength(1);
  });

  test('a member that is undefined is absent, as in JSON text', () => {
    expect(diff({ a: undefined, b: 1 }, { b: 1, c: undefined })).toEqual([]);
    expect(diff({ a: undefined }, { b: 1 })).toStrictEqual([{ op: 'add', path: '/b', value: 1 }]);
    expect(diff({ a: undefined }, { a: 1 })).toStrictEqual([{ op: 'add', path: '/a', value: 1 }]);
    expect(diff({ a: 1, b: 2 }, { a: undefined, b: 2 })).toStrictEqual([{ op: 'remove', was: 1, path: '/a' }]);
  });

  test('names are escaped as RFC 6901 says', () => {
    const paths = diff({}, { '': 1, 'a/b': 1, 'm~n': 1, '~1': 1, ' ': 1 }).map(({ path }) => path);
    expect(paths).toEqual(['/', '/a~1b', '/m~0n', '/~01', '/ ']);
  });

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    'a member named %s is one like any other',
    (name) => {
      const having = (value: string) => JSON.parse(`{"${name}":${value}}`) as Json;
      const path = `/${name}`;
      expect(diff(having('{"a":1}'), {})).toEqual([{ op: 'remove', was: { a: 1 }, path }]);
      expect(diff({}, having('{"a":1}'))).toEqual([{ op: 'add', path, value: { a: 1 } }]);
      expect(diff(having('{"a":1}'), having('{"a":2}'))).toEqual([
        { op: 'replace', was: 1, path: `${path}/a`, value: 2 },
      ]);
      expect(diff(having('{}'), having('{}'))).toEqual([]);
    },
  );
});

describe('arrays of things with an identity', () => {
  const items = (...ids: Json[]) => ids.map((id) => ({ id, status: 'A' }));

  test('the first of twenty bookings removed is one operation', () => {
    const before = order();
    const operations = diff(before, withoutFirst(before));
    expect(operations).toStrictEqual([{ op: 'remove', was: before.bookings[0], path: '/bookings/0' }]);
  });

  test('edits behind a removed booking are told at their index in the new order', () => {
    const before = order();
    const operations = diff(before, withoutFirstAndEdited(before));
    expect(operations.map(({ op, path }) => `${op} ${path}`)).toEqual([
      'remove /bookings/0',
      'replace /bookings/4/notes',
      'replace /bookings/11/unitItems/1/status',
    ]);
  });

  test('removals have the index of the old array, additions that of the new one', () => {
    const operations = diff(items(1, 2, 3, 4), items(9, 2, 4, 8));
    expect(operations.map(({ op, path }) => `${op} ${path}`)).toEqual(['remove /2', 'remove /0', 'add /0', 'add /3']);
  });

  test('an element that moved and was edited is taken out as it was and put back as it is', () => {
    const [first, second, third] = items(1, 2, 3) as Json[] as [Json, Json, Json];
    const edited = { id: 1, status: 'B' };
    expect(diff([first, second, third], [second, third, edited])).toStrictEqual([
      { op: 'remove', was: first, path: '/0' },
      { op: 'add', path: '/2', value: edited },
    ]);
  });

  test('when many move, the longest run in order stays', () => {
    const operations = diff(items(9, 1, 2, 8, 3, 4, 5, 7), items(1, 2, 3, 4, 5, 7, 8, 9));
    expect(operations.map(({ op, path }) => `${op} ${path}`)).toEqual(['remove /3', 'remove /0', 'add /6', 'add /7']);
  });

  test('another identity at the same place is another element', () => {
    expect(diff(items(1), items('1')).map(({ op }) => op)).toEqual(['remove', 'add']);
  });

  test('uuid counts where there is no id, and where ids repeat', () => {
    expect(
      diff(
        [
          { uuid: 'a', n: 1 },
          { uuid: 'b', n: 1 },
        ],
        [{ uuid: 'b', n: 2 }],
      ).map(({ path }) => path),
    ).toEqual(['/0', '/0/n']);
    const elements = () => ['a', 'b', 'c'].map((uuid) => ({ id: 'DEFAULT', uuid, n: 1 }));
    const repeated = elements();
    expect(diff(repeated, elements().slice(1))).toStrictEqual([{ op: 'remove', was: repeated[0], path: '/0' }]);
    expect(diff(repeated, elements().slice(0, 1)).map(({ path }) => path)).toEqual(['/2', '/1']);
    expect(diff(repeated.slice(0, 1), elements()).map(({ path }) => path)).toEqual(['/1', '/2']);
  });

  test.each([
    ['repeat', items(1, 1, 2), items(1, 2)],
    ['are missing', [{ n: 1 }, ...items(2)], items(2)],
    ['become objects', items(1, 2), items({ a: 1 }, 2)],
    ['appear', [{ status: 'A' }], items(1)],
    ['are null', items(null, 2), items(2, null)],
  ])('where identities %s, the diff is exact all the same', (_how, before: Json[], after: Json[]) => {
    expect(apply(before, diff(before, after))).toEqual(after);
    expect(diff(before, after).length).toBeLessThanOrEqual(2);
  });

  test('a member that no element has identifies nothing', () => {
    const operations = diff(['a', 'b', 'c'], ['b', 'c', 'a'], { identify: () => 'id' });
    expect(operations.map(({ op, path }) => `${op} ${path}`)).toEqual(['remove /0', 'add /2']);
  });

  test('identify names another member, a function, or nothing, by the path of the array', () => {
    const before = {
      extras: [
        { code: 'a', n: 1 },
        { code: 'b', n: 1 },
      ],
      rows: [{ id: 1, n: 1 }],
    };
    const after = { extras: [{ code: 'b', n: 2 }], rows: [{ id: 2, n: 1 }] };
    const asked: string[] = [];
    const operations = diff(before, after, {
      identify: (path) => {
        asked.push(path.join('.'));
        return path.at(-1) === 'extras' ? 'code' : null;
      },
    });
    expect(asked).toEqual(['extras', 'rows']);
    expect(operations.map(({ op, path }) => `${op} ${path}`)).toEqual([
      'remove /extras/0',
      'replace /extras/0/n',
      'replace /rows/0/id',
    ]);
    const byFunction = diff(['Ada', 'Bob'], ['Cid', 'BOB'], {
      identify: () => (name) => String(name).toLowerCase(),
    });
    expect(byFunction.map(({ op, path }) => `${op} ${path}`)).toEqual(['remove /0', 'add /0', 'replace /1']);
  });
});

describe('other arrays', () => {
  const told = (before: Json, after: Json) => diff(before, after).map(({ op, path }) => `${op} ${path}`);

  test('a value taken out of a list, or put in, is one operation', () => {
    expect(told(['en', 'de', 'es'], ['de', 'es'])).toEqual(['remove /0']);
    expect(told(['en', 'es'], ['en', 'de', 'es'])).toEqual(['add /1']);
    expect(told([1, 1, 1, 2], [1, 1, 2])).toEqual(['remove /2']);
  });

  test('a cancelled ticket among the delivery options is one remove, as in the help article', () => {
    const before = booking().voucher.deliveryOptions;
    expect(told(before, before.slice(0, 1))).toEqual(['remove /1']);
  });

  test('an element that keeps something is edited, one that keeps nothing is replaced', () => {
    expect(diff([{ from: '09:00', to: '17:00' }], [{ from: '09:00', to: '18:00' }])).toStrictEqual([
      { op: 'replace', was: '17:00', path: '/0/to', value: '18:00' },
    ]);
    expect(told([{ from: '09:00', to: '17:00' }], [{ from: '10:00', to: '18:00' }])).toEqual(['replace /0']);
    expect(told([{ place: { lat: 1, lon: 2 } }], [{ place: { lat: 1, lon: 3 } }])).toEqual(['replace /0/place/lon']);
  });

  test('an edit behind a removed or an added element is found', () => {
    const questions = ['a', 'b', 'c'].map((question) => ({ question, answer: `${question} is yes`, rank: 1 }));
    const [, second, third] = questions as [Json, { question: string; answer: string; rank: number }, Json];
    const rest = [{ ...second, answer: 'no' }, third];
    expect(told(questions, rest)).toEqual(['remove /0', 'replace /0/answer']);
    expect(told(rest, questions)).toEqual(['add /0', 'replace /1/answer']);
  });

  test('a move is a remove and an add', () => {
    expect(told(['a', 'b', 'c', 'd'], ['b', 'c', 'd', 'a'])).toEqual(['remove /0', 'add /3']);
  });

  test('arrays in arrays are compared inside', () => {
    expect(
      told(
        [
          [1, 2],
          [3, 4],
        ],
        [[1, 2], [3, 5], [6]],
      ),
    ).toEqual(['add /2', 'replace /1/1']);
    expect(told([[]], [[[]]])).toEqual(['add /0/0']);
  });
});

describe('ignored members', () => {
  const ignore = (path: readonly (string | number)[]) => path.at(-1) === 'cancellable' || path[0] === 'meta';

  test('make no operation, wherever they are, whether changed, added or removed', () => {
    const before = { cancellable: true, meta: { a: [1] }, bookings: [{ id: 1, cancellable: true, n: 1 }] };
    const after = { meta: { a: [2] }, bookings: [{ id: 1, cancellable: false, n: 2 }] };
    expect(diff(before, after, { ignore })).toStrictEqual([{ op: 'replace', was: 1, path: '/bookings/0/n', value: 2 }]);
  });

  test('do not hide that elements without an identity are the same', () => {
    const slots = ['09:00', '10:00', '11:00'].map((from) => ({ from, cancellable: true }));
    const later = slots.map((slot) => ({ ...slot, cancellable: false }));
    expect(diff(slots, later, { ignore })).toEqual([]);
    expect(diff([{ cancellable: true }], [{ cancellable: false }], { ignore })).toEqual([]);
    expect(diff([{ cancellable: true }], [{}], { ignore })).toEqual([]);
    expect(diff(slots, later.slice(1), { ignore })).toStrictEqual([{ op: 'remove', was: slots[0], path: '/0' }]);
  });

  test('are asked for only where something differs', () => {
    const asked: string[] = [];
    const before = booking();
    diff(JSON.parse(JSON.stringify(before)), confirmed(before), {
      ignore: (path) => {
        asked.push(path.join('/'));
        return false;
      },
    });
    expect(asked).toEqual(['status', 'utcUpdatedAt', 'utcConfirmedAt']);
  });
});
