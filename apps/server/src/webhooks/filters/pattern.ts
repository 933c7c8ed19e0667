import type { Json, Operation } from '@carillon/diff';

/** A pattern of places in a document, read: each token of its JSON Pointer; `*` stands for one, `**` for any number of them. */
export type Pattern = readonly string[];

/** Tokens that a pattern may have, and how many of them may be `**`: more would only make it slow. */
const mostTokens = 16;
const mostDeep = 2;

const readTokens = (pointer: string): string[] =>
  pointer
    .slice(1)
    .split('/')
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));

/** What is wrong with a pattern, as the rest of a sentence that begins with its name; undefined when nothing is. */
export function patternProblem(text: string): string | undefined {
  if (!text.startsWith('/') || /~(?![01])/.test(text))
    return 'must be a JSON Pointer (RFC 6901), with * and ** for tokens';
  const tokens = readTokens(text);
  if (tokens.length > mostTokens) return `must have at most ${mostTokens} tokens`;
  if (tokens.filter((token) => token === '**').length > mostDeep) return `must have ** at most ${mostDeep} times`;
  return undefined;
}

/** Reads a pattern that has no problem. */
export function readPattern(text: string): Pattern {
  return readTokens(text);
}

/**
 * Whether an operation changes what stands at a place of the pattern: the place itself, something in it, or something around it
 * that has such a place, before or after.
 */
export function touches(pattern: Pattern, operation: Operation): boolean {
  const path = operation.path === '' ? [] : readTokens(operation.path);
  const sides = [...('was' in operation ? [operation.was] : []), ...('value' in operation ? [operation.value] : [])];
  return reaches(pattern, 0, path, 0, sides);
}

function reaches(
  pattern: Pattern,
  at: number,
  path: readonly string[],
  depth: number,
  sides: readonly Json[],
): boolean {
  const token = pattern[at];
  if (token === undefined) return true;
  const step = path[depth];
  if (step === undefined) return sides.some((side) => has(side, pattern, at));
  if (token === '**') {
    return reaches(pattern, at + 1, path, depth, sides) || reaches(pattern, at, path, depth + 1, sides);
  }
  return (token === '*' || token === step) && reaches(pattern, at + 1, path, depth + 1, sides);
}

/** Whether a value has a place that the rest of a pattern, from one of its tokens on, matches. */
function has(value: Json, pattern: Pattern, at: number): boolean {
  const token = pattern[at];
  if (token === undefined) return true;
  if (token === '**' && has(value, pattern, at + 1)) return true;
  if (typeof value !== 'object' || value === null) return false;
  const inside = (child: Json | undefined, next: number): boolean => child !== undefined && has(child, pattern, next);
  if (token === '**') return Object.values(value).some((child) => inside(child, at));
  if (token === '*') return Object.values(value).some((child) => inside(child, at + 1));
  if (Array.isArray(value) && !/^(?:0|[1-9]\d*)$/.test(token)) return false;
  return Object.hasOwn(value, token) && inside((value as Readonly<Record<string, Json>>)[token], at + 1);
}
