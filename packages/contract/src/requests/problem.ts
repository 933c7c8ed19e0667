import type * as z from 'zod';

/** What is wrong with one field of a request. */
export interface Problem {
  readonly path: readonly (string | number)[];
  /** The field is absent or null. */
  readonly missing: boolean;
  /** A list or text has fewer elements than it must have. */
  readonly tooFew: boolean;
  /** A sentence that names the field. */
  readonly message: string;
}

const expectedWords: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  int: 'an integer',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

/** What a limit counts, one of it and several. */
const countedWords: Readonly<Record<string, readonly [string, string]>> = {
  string: ['character', 'characters'],
  array: ['element', 'elements'],
  record: ['entry', 'entries'],
};

function fieldName(path: readonly (string | number)[], whole: string): string {
  const name = path.reduce<string>((before, segment) => {
    if (typeof segment === 'number') return `${before}[${segment}]`;
    return before === '' ? segment : `${before}.${segment}`;
  }, '');
  return name === '' ? whole : name;
}

function valueAt(input: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (node, segment) => (typeof node === 'object' && node !== null ? Reflect.get(node, segment) : undefined),
    input,
  );
}

function limit(bound: 'least' | 'most', origin: string, value: number | bigint): string {
  const counted = countedWords[origin];
  if (counted === undefined) return `must be at ${bound} ${value}`;
  return `must have at ${bound} ${value} ${Number(value) === 1 ? counted[0] : counted[1]}`;
}

function predicate(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${expectedWords[issue.expected] ?? issue.expected}`;
    case 'too_small':
      return limit('least', issue.origin, issue.minimum);
    case 'too_big':
      return limit('most', issue.origin, issue.maximum);
    case 'invalid_value':
      return `must be one of ${issue.values.join(', ')}`;
    case 'unrecognized_keys':
      return `has a key that is not known: ${issue.keys.join(', ')}`;
    case 'invalid_format':
    case 'custom':
      return issue.message;
    default:
      return 'is not in the right form';
  }
}

/** What is wrong with `input`, field by field, in words for a person; `whole` names the input itself ("the body"). */
export function problemsOf(error: z.core.$ZodError, input: unknown, whole: string): Problem[] {
  return error.issues.map((issue) => {
    const path = issue.path.map((segment) => (typeof segment === 'symbol' ? String(segment) : segment));
    const value = valueAt(input, path);
    const missing = path.length > 0 && (value === undefined || value === null);
    const said = missing && issue.code === 'invalid_type' ? 'is required' : predicate(issue);
    return { path, missing, tooFew: issue.code === 'too_small', message: `${fieldName(path, whole)} ${said}` };
  });
}
