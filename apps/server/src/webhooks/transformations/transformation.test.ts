import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../../../test/support/scale.ts';
import { prepare, type Rendering, render, type Transformation } from './transformation.ts';

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
    ['a range', '{% for i in (1..1000000000) %}{% endfor %}'],
    ['doubling', '{% assign a = "aaaaaaaa" %}{% for i in (1..60) %}{% assign a = a | append: a %}{% endfor %}{{ a }}'],
    ['a template of templates', '{% assign a = 1 %}'.repeat(20_000)],
  ])('that takes too much fails: %s', (_, body) => {
    expect(failure({ body })?.message).toMatch(/limit/);
  });

  it('sees nothing of the program that renders it', () => {
    const body = '"{{ value.constructor }}{{ value.__proto__ }}{{ parameters.toString }}{{ "x".constructor }}"';
    expect(rendering({ body }, { value: {} })).toMatchObject({ body: '""' });
  });

  it('tells nothing of a guest where what it renders is no JSON', () => {
    expect(JSON.stringify(failure({ body: '{"a": {{ name }} }' }, { name: 'Lovelace' }))).not.toContain('Lovelace');
  });
});
