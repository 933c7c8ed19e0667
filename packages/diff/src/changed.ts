import { equal } from './equal.ts';
import type { Json } from './json.ts';
import type { Operation } from './operation.ts';
import { childOf, tokensOf } from './pointer.ts';

/**
 * Whether operations touch what `pointer` (RFC 6901) names. One does when its path
 * - is the pointer, or lies below it: `/contact/country` touches `/contact`, and everything touches the root;
 * - lies above it, and what the pointer names differs between its `was` and its `value`: an added `/voucher` touches
 *   `/voucher/deliveryOptions` if the new voucher has that member.
 *
 * Paths are compared as they are written: an element that only moved to another index because one before it was removed
 * is not touched. Throws `TypeError` for text that is not a pointer.
 */
export function changed(operations: readonly Operation[], pointer: string): boolean {
  const tokens = tokensOf(pointer);
  if (tokens === undefined) throw new TypeError(`Not a JSON Pointer: ${JSON.stringify(pointer)}`);
  return operations.some((operation) => {
    const { path } = operation;
    if (path === pointer || path.startsWith(`${pointer}/`)) return true;
    return pointer.startsWith(`${path}/`) && changedBelow(operation, tokens.slice(path.split('/').length - 1));
  });
}

function changedBelow(operation: Operation, tokens: readonly string[]): boolean {
  const was = operation.op === 'add' ? undefined : descend(operation.was, tokens);
  const value = operation.op === 'remove' ? undefined : descend(operation.value, tokens);
  if (was === undefined || value === undefined) return was !== value;
  return !equal(was, value);
}

function descend(json: Json, tokens: readonly string[]): Json | undefined {
  let here: Json | undefined = json;
  for (const token of tokens) {
    if (here === undefined) return undefined;
    here = childOf(here, token);
  }
  return here;
}
