import type { CapabilityId, EventType } from '@carillon/contract';
import type { Transformation } from '../transformations/transformation.ts';

/** Something that has to be known for a preset. */
export interface PresetParameter {
  readonly name: string;
  readonly description: string;
  /** It is sealed with the webhook's headers, or is its URL: templates do not see it. */
  readonly secret: boolean;
  readonly required: boolean;
  /** What it must look like, as a regular expression, and in words. */
  readonly pattern: RegExp;
  readonly expected: string;
}

/** What a webhook has to be for a service: everything but whose it is. */
export interface PresetWebhook {
  readonly url: string;
  /** Sealed with it. */
  readonly headers: Readonly<Record<string, string>>;
  readonly capabilities: readonly CapabilityId[];
  readonly transformation: Transformation;
}

/** A service that an event can become a call of, without anyone writing code. */
export interface Preset {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** Where its vendor says what it wants. */
  readonly documentation: string;
  readonly event: EventType;
  readonly parameters: readonly PresetParameter[];
  /** Builds the webhook; the parameters have been checked. */
  build(parameters: Readonly<Record<string, string>>): PresetWebhook;
}

/** What most parameters look like. */
export const anyLine = { pattern: /^[\x20-\x7e]{1,500}$/, expected: 'a line of printable ASCII' } as const;

/** Those parameters that are not secret, as templates see them. */
export function openParameters(
  preset: Pick<Preset, 'parameters'>,
  given: Readonly<Record<string, string>>,
): Record<string, string> {
  const open = preset.parameters.filter(({ secret }) => !secret).map(({ name }) => name);
  return Object.fromEntries(Object.entries(given).filter(([name]) => open.includes(name)));
}

/** What is wrong with the parameters of a preset, in sentences; empty when nothing is. */
export function parameterProblems(preset: Preset, given: Readonly<Record<string, string>>): string[] {
  const known = preset.parameters.map(({ name }) => name);
  const unknown = Object.keys(given).filter((name) => !known.includes(name));
  return [
    ...unknown.map((name) => `parameters.${name} is none of this preset: ${known.join(', ')}.`),
    ...preset.parameters.flatMap(({ name, required, pattern, expected }) => {
      const value = Object.hasOwn(given, name) ? given[name] : undefined;
      if (value === undefined) return required ? [`parameters.${name} is required.`] : [];
      return pattern.test(value) ? [] : [`parameters.${name} must be ${expected}.`];
    }),
  ];
}
