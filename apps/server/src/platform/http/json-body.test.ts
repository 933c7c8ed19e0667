import { expect, test } from 'vitest';
import { deeperThan, readJson } from './json-body.ts';

const limits = { bytes: 1_000, depth: 4 };
type Sent = string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>;
const post = (body: Sent, headers: Record<string, string> = {}) =>
  new Request('http://localhost/', { method: 'POST', body, headers, duplex: 'half' } as RequestInit);
const read = (body: Sent, headers?: Record<string, string>) => readJson(post(body, headers), limits);

test('reads JSON, passing over a byte order mark', async () => {
  expect(await read('{"a":[1]}')).toEqual({ ok: true, value: { a: [1] } });
  expect(await read('\ufeff{"a":1}')).toEqual({ ok: true, value: { a: 1 } });
});

test('an empty body is undefined', async () => {
  expect(await read('')).toEqual({ ok: true, value: undefined });
  expect(await read(' \n')).toEqual({ ok: true, value: undefined });
  expect(await readJson(new Request('http://localhost/', { method: 'DELETE' }), limits)).toEqual({
    ok: true,
    value: undefined,
  });
});

test.each<[string, Sent]>([
  ['not_json', '{"a":'],
  ['not_json', "{'a': 1}"],
  ['not_utf8', new Uint8Array([0x22, 0xff, 0x22])],
  ['too_deep', '[[[[[1]]]]]'],
  ['too_deep', '{"a":{"a":{"a":{"a":{}}}}}'],
  ['too_big', `"${'x'.repeat(1_000)}"`],
])('says what is wrong: %s', async (problem, body) => {
  expect(await read(body)).toMatchObject({ ok: false, problem, message: expect.stringMatching(/^the body /) });
});

test('a body that is announced as too big is not read at all', async () => {
  const request = post('{}', { 'content-length': '1001' });
  expect(await readJson(request, limits)).toMatchObject({ problem: 'too_big' });
  expect(request.bodyUsed).toBe(false);
});

test('a body without an announced length is read no further than the limit', async () => {
  let produced = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      produced += 100;
      controller.enqueue(new Uint8Array(100).fill(0x20));
    },
  });
  expect(await read(endless)).toMatchObject({ problem: 'too_big' });
  expect(produced).toBeLessThan(3_000);
});

test('a body that breaks off is told from one that is malformed', async () => {
  const broken = new ReadableStream({ pull: (controller) => controller.error(new Error('reset')) });
  expect(await read(broken)).toMatchObject({ ok: false, problem: 'broken_off' });
});

test('a million lists inside each other are found without running out of stack', () => {
  expect(deeperThan(JSON.parse('['.repeat(500_000) + ']'.repeat(500_000)), 32)).toBe(true);
  expect(deeperThan([[1], { a: [] }], 3)).toBe(false);
});
