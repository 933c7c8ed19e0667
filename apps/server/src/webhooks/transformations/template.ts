import { Liquid, type LiquidError, type Template } from 'liquidjs';

/** What of a template is wrong, and where; `line` and `column` begin at 1, null where the fault is in no place. */
export interface TemplateProblem {
  /** `body`, or `headers.<name>`. */
  readonly part: string;
  readonly message: string;
  readonly line: number | null;
  readonly column: number | null;
}

/**
 * Limits of one rendering: characters parsed, milliseconds, and what it may make in memory. It runs in the transaction of the change.
 * A body of an ordinary booking takes about one millisecond.
 */
const limits = { parseLimit: 100_000, renderLimit: 200, memoryLimit: 4_000_000 } as const;

/** Liquid sees nothing but what it is given: no files, no other templates, only own properties. */
const engine = new Liquid({ templates: {}, ownPropertyOnly: true, strictFilters: true, ...limits });
// Always JSON: `null` for what is not there, and nothing that would end a script it is put into.
engine.registerFilter('json', (value: unknown) =>
  (JSON.stringify(value) ?? 'null')
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029'),
);

/** A template that was parsed. */
export type Parsed = readonly Template[];

/** What came of parsing or rendering. */
export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: TemplateProblem };

/** Parses the template of a part. */
export function parseTemplate(part: string, text: string): Result<Parsed> {
  return attempt(part, () => engine.parse(text));
}

/** Renders a part with what its template may use. */
export function renderTemplate(part: string, template: Parsed, scope: object): Result<string> {
  return attempt(part, () => String(engine.renderSync([...template], scope)));
}

function attempt<T>(part: string, action: () => T): Result<T> {
  try {
    return { ok: true, value: action() };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { ok: false, problem: problemOf(part, error) };
  }
}

function problemOf(part: string, error: Error): TemplateProblem {
  const { token } = error as Partial<LiquidError>;
  const [line, column] = token?.getPosition() ?? [];
  // Its first line without the place, which is told beside it; the others show the template.
  const said = (error.message.split('\n')[0] ?? '').replace(/, line:\d+, col:\d+$/, '');
  const message = said.startsWith('ENOENT') ? 'there are no other templates to include' : said.slice(0, 300);
  return { part, message, line: line ?? null, column: column ?? null };
}
