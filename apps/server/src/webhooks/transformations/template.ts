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
 * Limits of one template: characters parsed, and what it may make in memory, in elements and characters: what a filter does at once with
 * so many takes up to 0.2 s (measured: `sort_natural`). A body of an ordinary booking takes about one millisecond.
 */
const limits = { parseLimit: 100_000, memoryLimit: 1_000_000 } as const;

/** Liquid sees nothing but what it is given: no files, no other templates, only own properties. */
const engine = new Liquid({ templates: {}, ownPropertyOnly: true, strictFilters: true, ...limits });
// Always JSON: `null` for what is not there, and nothing that would end a script it is put into.
engine.registerFilter('json', (value: unknown) =>
  (JSON.stringify(value) ?? 'null')
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029'),
);
// Liquid looks at the clock between tags. These filters evaluate an expression for each element: a range of a million took seconds.
const expressions = ['where', 'reject', 'group_by', 'find', 'find_index', 'has'].map((name) => `${name}_exp`);
for (const name of expressions) engine.registerFilter(name, watched(engine.filters[name]));

type Filter = (typeof engine.filters)[string];
type Steps = Generator<unknown, unknown, unknown>;

/** The filter with the limit of time asked for at each element. */
function watched(filter: Filter | undefined): Filter {
  if (typeof filter !== 'function') throw new TypeError('Liquid has no such filter');
  return function* (...given): Steps {
    const steps = filter.apply(this, given) as Steps;
    let step = steps.next();
    while (!step.done) {
      this.context.renderLimit.check(performance.now());
      step = steps.next(yield step.value);
    }
    return step.value;
  };
}

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

/** Renders a part with what its template may use, in `limitMs` milliseconds. */
export function renderTemplate(part: string, template: Parsed, scope: object, limitMs: number): Result<string> {
  return attempt(part, () => String(engine.renderSync([...template], scope, { renderLimit: limitMs })));
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
