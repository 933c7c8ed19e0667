import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../../../test/support/scale.ts';
import { prepare, type Rendering, render, type Transformation } from './transformation.ts';
import { createTransforming } from './transforming.ts';

function rendering(transformation: Partial<Transformation>, scope: object = {}): Rendering {
  const prepared = prepare({ body: '{}', headers: {}, parameters: {}, ...transformation });
  return prepared.ok ? render(prepared.value, scope) : { kind: 'failed', problems: prepared.problems };
}

const failure = (transformation: Partial<Transformation>, scope?: object) => {
  const made = rendering(transformation, scope);
  expect(made.kind).toBe('failed');
  return made.kind === 'failed' ? made.problems[0] : undefined;
};

describe('a transformation', () => {
  it('puts any value into JSON through the filter json, exactly', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const value = JSON.parse(text);
        const made = rendering(
          { body: '{"value": {{ value | json }}, "none": {{ nowhere.at.all | json }}}' },
          { value },
        );
        expect(made.kind === 'rendered' && JSON.parse(made.body)).toEqual({ value: JSON.parse(text), none: null });
      }),
      { numRuns: runs(300) },
    );
  });

  it('of any text at all is rendered, nothing or a failure, and never throws', () => {
    const piece = fc.constantFrom(
      '{{',
      '}}',
      '{%',
      '%}',
      ' if ',
      ' for i in (1..9) ',
      'endif',
      'a.b',
      ' | json',
      '"',
      '{}',
      '\n',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 12 }), (pieces) => {
        expect(['rendered', 'nothing', 'failed']).toContain(rendering({ body: pieces.join('') }, { a: { b: 1 } }).kind);
      }),
      { numRuns: runs(500) },
    );
  });

  it('of a blank body is nothing to send', () => {
    expect(rendering({ body: '\n{% if booking %}{}{% endif %} ' })).toEqual({ kind: 'nothing' });
  });

  it('sets headers; one that comes out blank is left out', () => {
    const headers = { 'X-Kind': '{{ kind }}', 'X-None': '{{ none }}', 'content-type': 'text/plain' };
    expect(
      rendering({ body: 'Hello {{ parameters.whom }}', headers, parameters: { whom: 'you' } }, { kind: 'b' }),
    ).toEqual({
      kind: 'rendered',
      body: 'Hello you',
      headers: { 'X-Kind': 'b', 'content-type': 'text/plain' },
    });
  });

  it.each<[string, Partial<Transformation>, string, number | null]>([
    ['an unknown filter', { body: '{\n"a": {{ b | shout }}}' }, 'body', 2],
    ['a tag that is not closed', { body: '{% if a %}{}' }, 'body', 1],
    ['another template', { body: '{% include "/etc/passwd" %}' }, 'body', 1],
    ['a layout', { body: '{}\n\n{% layout "x" %}' }, 'body', 3],
    ['what is no JSON', { body: '{"a": {{ a }}}' }, 'body', null],
    ['a header that is the sender’s', { headers: { 'Webhook-Id': 'x' } }, 'headers.Webhook-Id', null],
    ['a secret in a template', { headers: { Authorization: 'x' } }, 'headers.Authorization', null],
    ['two lines in a header', { headers: { 'X-A': 'a\n{{ "" }}b' } }, 'headers.X-A', null],
    ['a fault in a header', { headers: { 'X-A': '{{ a | shout }}' } }, 'headers.X-A', 1],
  ])('fails on %s, and says where', (_, transformation, part, line) => {
    expect(failure(transformation)).toMatchObject({ part, line });
  });

  it.each([
    ['time', '{% for i in (1..30000) %}{% for j in (1..30000) %}{{ j }}{% endfor %}{% endfor %}'],
    ['a filter that looks at each of many', '{{ (1..400000) | where_exp: "x", "x == 1" | size }}'],
    ['another one', '{{ (1..400000) | find_exp: "x", "x == 0" }}'],
    ['a range', '{% for i in (1..1000000000) %}{% endfor %}'],
    ['doubling', '{% assign a = "aaaaaaaa" %}{% for i in (1..60) %}{% assign a = a | append: a %}{% endfor %}{{ a }}'],
    ['a template of templates', '{% assign a = 1 %}'.repeat(20_000)],
  ])('that takes too much fails: %s', (_, body) => {
    expect(failure({ body })?.message).toMatch(/limit/);
  });

  it('has one limit of time for all its parts', () => {
    const spin = '{% for i in (1..30000) %}{% for j in (1..30000) %}{% endfor %}{% endfor %}x';
    const headers = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`X-${index}`, spin]));
    const made = rendering({ headers });
    // The first that takes it all has failed; none of the others is begun.
    expect(made.kind === 'failed' && made.problems.map(({ part }) => part)).toEqual(['headers.X-0']);
    expect(failure({ headers: { ...headers, 'X-20': 'x' } })).toMatchObject({ part: 'headers' });
  });

  it('fails without beginning where its change has no time left, and takes none of another webhook’s', () => {
    let now = 0;
    const clock = () => {
      now += 60;
      return now;
    };
    // Each rendering takes 60 ms: the clock is read before and after.
    const transform = createTransforming(clock)();
    const transformation = { body: '{}', headers: {}, parameters: {} };
    const one = { deliveryId: 'd', event: 'booking_update', position: 2, createdAt: 0 } as const;
    const parts = { versionBody: '"webhook":{}', viewBody: '"booking":{},"diff":[]' };
    const kinds = (id: string, count: number) =>
      Array.from({ length: count }, () => transform({ id, revision: 1 }, transformation, { ...one, ...parts }).kind);
    expect(kinds('slow', 5)).toEqual(['rendered', 'rendered', 'rendered', 'failed', 'failed']);
    expect(kinds('another', 2)).toEqual(['rendered', 'rendered']);
    expect(kinds('a third', 4)).toEqual(['rendered', 'rendered', 'rendered', 'failed']);
    expect(kinds('a fourth', 2)).toEqual(['rendered', 'failed']);
  });

  it('sees nothing of the program that renders it', () => {
    const body = '"{{ value.constructor }}{{ value.__proto__ }}{{ parameters.toString }}{{ "x".constructor }}"';
    expect(rendering({ body }, { value: {} })).toMatchObject({ body: '""' });
  });

  it('tells nothing of a guest where what it renders is no JSON', () => {
    expect(JSON.stringify(failure({ body: '{"a": {{ name }} }' }, { name: 'Lovelace' }))).not.toContain('Lovelace');
  });
});
