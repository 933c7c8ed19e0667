import type { Json } from './json.ts';
import type { Operation } from './operation.ts';
import { PatchError, type PatchProblem } from './patch-error.ts';

/**
 * The operations that undo `operations`, in reverse order: applied to the document after them they give the one before.
 * Exact for what `diff` makes; an `add` is taken to have put a value where there was none. Throws `PatchError` when an
 * operation lacks the `was` or `value` that its opposite needs.
 */
export function invert(operations: readonly Operation[]): Operation[] {
  return operations.map(opposite).reverse();
}

function opposite(operation: Operation, index: number): Operation {
  const needed = (value: Json | undefined, problem: PatchProblem): Json => {
    if (value === undefined) throw new PatchError(problem, operation, index);
    return value;
  };
  const { path } = operation;
  switch (operation.op) {
    case 'add':
      return { op: 'remove', was: needed(operation.value, 'missing-value'), path };
    case 'remove':
      return { op: 'add', path, value: needed(operation.was, 'missing-was') };
    case 'replace': {
      const was = needed(operation.value, 'missing-value');
      return { op: 'replace', was, path, value: needed(operation.was, 'missing-was') };
    }
    default:
      throw new PatchError('unknown-operation', operation, index);
  }
}
