import { describe, expect, it } from 'vitest';
import { prepare, type Rendering, render } from '../transformations/transformation.ts';
import { type Preset, parameterProblems } from './preset.ts';
import { presets } from './presets.ts';
import { slack } from './slack.ts';

const examples: Readonly<Record<string, string>> = {
  from: 'hello@elbe.example',
  eventName: 'pe1_booking',
  webhookUrl: 'https://hooks.slack.com/services/T/B/x',
};

/** Something that each parameter may be. */
const given = (preset: Preset): Record<string, string> =>
  Object.fromEntries(preset.parameters.map(({ name }) => [name, examples[name] ?? '1']));

function rendered(preset: Preset, scope: object): Rendering {
  const parameters = given(preset);
  expect(parameterProblems(preset, parameters)).toEqual([]);
  const prepared = prepare(preset.build(parameters).transformation);
  if (!prepared.ok) throw new Error(JSON.stringify(prepared.problems));
  return render(prepared.value, { delivery: { id: 'x', createdAt: 'x' }, supplier: {}, ...scope });
}

const booking = {
  contact: { emailAddress: 'ada@example.com', fullName: null },
  unitItems: [],
  product: {},
  option: {},
};

describe.each(presets.map((preset) => [preset.id, preset] as const))('the preset %s', (_, preset) => {
  it('sends nothing of what means nothing to a guest', () => {
    expect(rendered(preset, { occasions: [], emailType: 'update', booking })).toEqual({ kind: 'nothing' });
  });

  it('copes with a booking of which little is known', () => {
    expect(rendered(preset, { occasions: ['expired'], booking })).toMatchObject({ kind: 'rendered' });
  });

  it('wants what it needs, and nothing else', () => {
    const needed = preset.parameters.filter(({ required }) => required);
    expect(parameterProblems(preset, {})).toHaveLength(needed.length);
    expect(parameterProblems(preset, { ...given(preset), constructor: 'x' })).toHaveLength(1);
    const broken = Object.fromEntries(Object.keys(given(preset)).map((name) => [name, 'a\nb']));
    expect(parameterProblems(preset, broken)).toHaveLength(preset.parameters.length);
  });
});

it.each(presets.filter((preset) => preset !== slack).map((preset) => [preset.id, preset] as const))(
  'the preset %s sends nothing of a guest without an address',
  (_, preset) => {
    const contact = { ...booking.contact, emailAddress: null };
    expect(rendered(preset, { occasions: ['confirmed'], booking: { ...booking, contact } })).toEqual({
      kind: 'nothing',
    });
  },
);

it.each(
  presets.filter(({ id }) => id === 'postmark' || id === 'mailjet').map((preset) => [preset.id, preset] as const),
)('the preset %s sends the e-mail of the first occasion that has a template', (_, preset) => {
  const parameters = Object.entries({ ...given(preset), updated: '2', expired: '3' });
  const some = parameters.filter(([name]) => name !== 'confirmed' && name !== 'cancelled');
  const prepared = prepare(preset.build(Object.fromEntries(some)).transformation);
  if (!prepared.ok) throw new Error(JSON.stringify(prepared.problems));
  const of = (...occasions: string[]) => {
    const made = render(prepared.value, { delivery: { id: 'x' }, supplier: {}, booking, occasions });
    return made.kind === 'rendered' ? made.body : made.kind;
  };
  expect(of('confirmed', 'updated', 'expired')).toMatch(
    /"(TemplateAlias": "2"|TemplateID": 2)[\s\S]*"occasion": "updated"/,
  );
  expect(of('confirmed', 'cancelled')).toBe('nothing');
});

it('a guest cannot call a whole Slack channel', () => {
  const contact = { ...booking.contact, fullName: '<!channel> & "Co"' };
  const product = { title: '<!here>' };
  const made = rendered(slack, { occasions: ['confirmed'], booking: { ...booking, contact, product, uuid: '<x>' } });
  expect(made.kind === 'rendered' && JSON.parse(made.body).text).toBe(
    '*Booking confirmed*: &lt;!here&gt;, &lt;!channel&gt; &amp; "Co" (&lt;x&gt;)',
  );
});
