import type { Operation } from './operation.ts';

/**
 * Why an operation cannot be applied or inverted:
 * - `unknown-operation`: it is none of `add`, `remove`, `replace`;
 * - `malformed-path`: its path is not a JSON Pointer (RFC 6901);
 * - `missing-target`: the document has nothing at its path, or for `add` no place for it; the root cannot be removed;
 * - `missing-value`, `missing-was`: it lacks the member that is needed.
 */
export type PatchProblem = 'unknown-operation' | 'malformed-path' | 'missing-target' | 'missing-value' | 'missing-was';

const texts: Record<PatchProblem, string> = {
  'unknown-operation': 'is not add, remove or replace',
  'malformed-path': 'has a path that is not a JSON Pointer',
  'missing-target': 'has a path that the document does not have',
  'missing-value': 'has no value',
  'missing-was': 'has no was',
};

/** Thrown by `apply` and `invert` for an operation that does not fit; the document is as it was. */
export class PatchError extends Error {
  readonly problem: PatchProblem;
  readonly operation: Operation;
  /** The place of the operation in the list, from 0. */
  readonly index: number;

  constructor(problem: PatchProblem, operation: Operation, index: number) {
    super(`Operation ${index} (${operation.op} ${JSON.stringify(operation.path)}) ${texts[problem]}`);
    this.name = 'PatchError';
    this.problem = problem;
    this.operation = operation;
    this.index = index;
  }
}
