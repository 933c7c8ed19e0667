import { webhookHeaderProblem } from '@carillon/contract';
import { type Parsed, parseTemplate, renderTemplate, type TemplateProblem } from './template.ts';

/** Liquid templates that make a webhook's deliveries what its receiver wants. */
export interface Transformation {
  readonly body: string;
  /** By name. */
  readonly headers: Readonly<Record<string, string>>;
  /** What the templates find in `parameters`. Not secret: secrets belong in the webhook's headers. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** What templates make of an event: what is sent, or that nothing is (a blank body), or what is wrong with them. */
export type Rendering =
  | { readonly kind: 'rendered'; readonly body: string; readonly headers: Readonly<Record<string, string>> }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'failed'; readonly problems: readonly TemplateProblem[] };

/** The largest body that a template may make, characters. */
const largestBody = 1_048_576;
/** Headers that templates may set. */
const mostHeaders = 20;
/** How long all templates of a transformation together may take for one delivery, ms: it blocks whatever else this process does. */
export const renderingMs = 100;

/** A transformation ready for rendering. */
export interface Prepared {
  readonly body: Parsed;
  readonly headers: readonly (readonly [name: string, template: Parsed])[];
  readonly parameters: Readonly<Record<string, string>>;
}

const fault = (part: string, message: string): TemplateProblem => ({ part, message, line: null, column: null });

/** What of a header's name templates may not set: secrets belong where they are sealed. */
export function templateHeaderProblem(name: string): string | undefined {
  const lower = name.toLowerCase();
  if (lower === 'content-type') return undefined;
  if (lower === 'authorization' || lower === 'cookie') return "belongs in the webhook's own headers, which are sealed";
  return webhookHeaderProblem(name, '');
}

/** Parses a transformation; all problems of all its parts otherwise. */
export function prepare(
  transformation: Transformation,
):
  | { readonly ok: true; readonly value: Prepared }
  | { readonly ok: false; readonly problems: readonly TemplateProblem[] } {
  const problems: TemplateProblem[] = [];
  const parsed = (part: string, text: string): Parsed => {
    const result = parseTemplate(part, text);
    if (result.ok) return result.value;
    problems.push(result.problem);
    return [];
  };
  const body = parsed('body', transformation.body);
  const named = Object.entries(transformation.headers);
  if (named.length > mostHeaders) problems.push(fault('headers', `must be at most ${mostHeaders}`));
  const headers = named.slice(0, mostHeaders).map(([name, text]) => {
    const problem = templateHeaderProblem(name);
    if (problem !== undefined) problems.push(fault(`headers.${name}`, problem));
    return [name, parsed(`headers.${name}`, text)] as const;
  });
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, value: { body, headers, parameters: transformation.parameters } };
}

/** What is said where there is no time left in a change: the template may be a good one. */
export const noTimeLeft: Rendering = {
  kind: 'failed',
  problems: [
    fault('body', 'other deliveries of the same change took all the time that there is: it can be rendered again'),
  ],
};

/**
 * Renders a transformation of what `scope` holds, in `limitMs` milliseconds for all its parts. A body that says to be JSON, as all do that
 * say nothing else, must be.
 */
export function render(prepared: Prepared, scope: object, limitMs = renderingMs): Rendering {
  const until = performance.now() + limitMs;
  const problems: TemplateProblem[] = [];
  const whole = { ...scope, parameters: prepared.parameters };
  const text = (part: string, template: Parsed): string => {
    // What is wrong is known: the other parts need not take their time.
    if (problems.length > 0) return '';
    const result = renderTemplate(part, template, whole, Math.max(0, until - performance.now()));
    if (result.ok) return result.value;
    problems.push(result.problem);
    return '';
  };
  const body = text('body', prepared.body);
  if (problems.length === 0 && body.trim() === '') return { kind: 'nothing' };
  const headers: Record<string, string> = {};
  for (const [name, template] of prepared.headers) {
    const value = text(`headers.${name}`, template).trim();
    // A header that comes out blank is left out.
    if (value === '') continue;
    const problem = webhookHeaderProblem(name.toLowerCase() === 'content-type' ? 'x' : name, value);
    if (problem !== undefined) problems.push(fault(`headers.${name}`, problem));
    headers[name] = value;
  }
  if (body.length > largestBody) problems.push(fault('body', `must have at most ${largestBody} characters`));
  else if (problems.length === 0 && saysJson(headers)) problems.push(...jsonProblems(body));
  return problems.length > 0 ? { kind: 'failed', problems } : { kind: 'rendered', body, headers };
}

function saysJson(headers: Readonly<Record<string, string>>): boolean {
  const type = Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type')?.[1];
  return type === undefined || /^application\/([\w.-]+\+)?json\b/i.test(type);
}

function jsonProblems(body: string): TemplateProblem[] {
  try {
    JSON.parse(body);
    return [];
  } catch (error) {
    const said = error instanceof Error ? error.message : '';
    const position = /position (\d+)/.exec(said)?.[1];
    const before = position === undefined ? undefined : body.slice(0, Number(position)).split('\n');
    // The place is one of what was rendered; what stands there may be a guest's, and is not told.
    const message =
      before === undefined ? 'does not render JSON' : `does not render JSON: line ${before.length} of what it renders`;
    return [fault('body', `${message}; the filter json writes any value as JSON`)];
  }
}

/** Problems in one sentence, for the operator. */
export function describeProblems(problems: readonly TemplateProblem[]): string {
  const told = problems.map(({ part, message, line }) => `${part}${line === null ? '' : `, line ${line}`}: ${message}`);
  return `its transformation failed: ${told.join('; ')}`.slice(0, 1000);
}
