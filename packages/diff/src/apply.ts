import { isArray, isContainer, type Json, memberOf } from './json.ts';
import type { Operation } from './operation.ts';
import { PatchError, type PatchProblem } from './patch-error.ts';
import { childOf, indexOf, tokensOf } from './pointer.ts';

/** A container that this call made, and may therefore change. */
type Draft = Json[] | Record<string, Json>;

/**
 * The document after operations were applied in order (RFC 6902); `was` is not compared. Neither argument is changed:
 * containers on the way to an operation are copied, each once, and all else is shared with the document and the
 * operations. Throws `PatchError` at the first operation that does not fit.
 */
export function apply(document: Json, operations: readonly Operation[]): Json {
  const drafts = new Set<Json>();
  let root = document;
  operations.forEach((operation, index) => {
    const tokens = tokensOf(operation.path);
    const problem = tokens === undefined ? 'malformed-path' : problemOf(operation);
    if (problem !== undefined) throw new PatchError(problem, operation, index);
    const result = applied(root, operation, tokens as string[], drafts);
    if (result === undefined) throw new PatchError('missing-target', operation, index);
    root = result;
  });
  return root;
}

/** What is wrong with an operation whatever the document; operations may come from outside, so types are not trusted. */
function problemOf(operation: Operation): PatchProblem | undefined {
  if (operation.op !== 'add' && operation.op !== 'remove' && operation.op !== 'replace') return 'unknown-operation';
  return operation.op !== 'remove' && operation.value === undefined ? 'missing-value' : undefined;
}

/** The document with one operation applied; `undefined` when it has no such place. */
function applied(document: Json, operation: Operation, tokens: readonly string[], drafts: Set<Json>): Json | undefined {
  const last = tokens.at(-1);
  if (last === undefined) return operation.op === 'remove' ? undefined : operation.value;
  if (!isContainer(document)) return undefined;
  const root = draftOf(document, drafts);
  let here = root;
  for (const token of tokens.slice(0, -1)) {
    const child = childOf(here, token);
    if (!isContainer(child)) return undefined;
    const draft = draftOf(child, drafts);
    if (draft !== child) put(here, token, draft);
    here = draft;
  }
  const done = Array.isArray(here) ? editElement(here, last, operation) : editMember(here, last, operation);
  return done ? root : undefined;
}

function draftOf(container: Json, drafts: Set<Json>): Draft {
  if (drafts.has(container)) return container as Draft;
  const draft = (isArray(container) ? container.slice() : { ...(container as object) }) as Draft;
  drafts.add(draft);
  return draft;
}

/** Sets a member or element; `__proto__` is defined as a member like any other, never assigned. */
function put(draft: Draft, token: string, value: Json): void {
  if (Array.isArray(draft)) draft[Number(token)] = value;
  else if (token !== '__proto__') draft[token] = value;
  else Object.defineProperty(draft, token, { value, writable: true, enumerable: true, configurable: true });
}

function editMember(draft: Record<string, Json>, name: string, operation: Operation): boolean {
  if (operation.op !== 'add' && memberOf(draft, name) === undefined) return false;
  if (operation.op === 'remove') delete draft[name];
  else put(draft, name, operation.value);
  return true;
}

/** `-` names the place after the last element, for an addition only (RFC 6902, section 4.1). */
function editElement(draft: Json[], token: string, operation: Operation): boolean {
  const adds = operation.op === 'add';
  const index = adds && token === '-' ? draft.length : indexOf(token);
  if (index === undefined || index > draft.length || (index === draft.length && !adds)) return false;
  if (operation.op === 'add') draft.splice(index, 0, operation.value);
  else if (operation.op === 'remove') draft.splice(index, 1);
  else draft[index] = operation.value;
  return true;
}
