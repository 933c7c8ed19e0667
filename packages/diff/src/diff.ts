import type { Alignment } from './alignment.ts';
import { equal, equalExcept } from './equal.ts';
import { alignByIdentity, type Identity, inSameOrder } from './identity.ts';
import { isArray, isContainer, type Json, type JsonObject, memberOf } from './json.ts';
import type { Operation } from './operation.ts';
import type { DiffOptions } from './options.ts';
import { alignBySequence } from './sequence.ts';
import { add, remove, replace, type Walk } from './walk.ts';

/**
 * The operations that turn `before` into `after`: applied in order as JSON Patch (RFC 6902) they give a document that is
 * deeply equal to `after`; none when the two are equal. Only `add`, `remove` and `replace` occur.
 *
 * Objects are compared member by member. Array elements are matched by `id`, `uuid` or `options.identify`; without
 * identities, or with doubtful ones, by longest common subsequence. Values in operations are shared with the documents,
 * not copied. Throws `RangeError` for documents nested deeper than the call stack allows (more than a thousand levels).
 */
export function diff(before: Json, after: Json, options?: DiffOptions): Operation[] {
  const walk: Walk = { operations: [], path: [], identify: options?.identify, ignore: options?.ignore };
  compare(walk, before, after);
  return walk.operations;
}

function compare(walk: Walk, was: Json, value: Json): void {
  if (was === value) return;
  const containers = isContainer(was) && isContainer(value);
  if (containers && isArray(was) && isArray(value)) compareArrays(walk, was, value);
  else if (containers && !isArray(was) && !isArray(value)) compareObjects(walk, was, value);
  else replace(walk, was, value);
}

/**
 * The hot loop. `for…in` with a plain lookup in the other object is the fastest way through two objects in V8, and
 * allocates nothing. Own membership is asked only where the values differ, which is also where an inherited name such
 * as `__proto__` would show. Members are counted, so that additions are looked for only where there are some.
 */
function compareObjects(walk: Walk, before: JsonObject, after: JsonObject): void {
  let shared = 0;
  for (const name in before) {
    const was = before[name];
    if (was === undefined) continue;
    let value = after[name];
    if (was !== value) {
      if (!Object.hasOwn(after, name)) value = undefined;
      compareMember(walk, name, was, value);
      if (value === undefined) continue;
    }
    shared += 1;
  }
  let size = 0;
  for (const _name in after) size += 1;
  if (size !== shared) addMembers(walk, before, after);
}

function addMembers(walk: Walk, before: JsonObject, after: JsonObject): void {
  for (const name of Object.keys(after)) {
    const value = after[name];
    if (value !== undefined && memberOf(before, name) === undefined) compareMember(walk, name, undefined, value);
  }
}

function compareMember(walk: Walk, name: string, was: Json | undefined, value: Json | undefined): void {
  const start = walk.operations.length;
  walk.path.push(name);
  if (was === undefined) add(walk, value as Json);
  else if (value === undefined) remove(walk, was);
  else compare(walk, was, value);
  if (walk.operations.length > start && walk.ignore?.(walk.path)) walk.operations.length = start;
  walk.path.pop();
}

function compareElement(walk: Walk, at: number, was: Json, value: Json): void {
  if (was === value) return;
  walk.path.push(at);
  compare(walk, was, value);
  walk.path.pop();
}

function compareArrays(walk: Walk, before: readonly Json[], after: readonly Json[]): void {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head] === after[head]) head += 1;
  if (head === before.length && head === after.length) return;
  const first = before[head];
  const identity = walk.identify?.(walk.path);
  if (identity === undefined) {
    if (isContainer(first) && !isArray(first)) {
      if (first.id !== undefined && compareIdentified(walk, before, after, 'id')) return;
      if (first.uuid !== undefined && compareIdentified(walk, before, after, 'uuid')) return;
    }
  } else if (identity !== null && compareIdentified(walk, before, after, identity)) return;
  compareSequences(walk, before, after, head);
}

/** Compares arrays whose elements have an identity; false, with nothing done, when they do not. */
function compareIdentified(walk: Walk, before: readonly Json[], after: readonly Json[], identity: Identity): boolean {
  if (inSameOrder(before, after, identity)) {
    for (let at = 0; at < before.length; at += 1) compareElement(walk, at, before[at] as Json, after[at] as Json);
    return true;
  }
  const alignment = alignByIdentity(before, after, identity);
  if (alignment === undefined) return false;
  compareAligned(walk, before, after, alignment);
  return true;
}

/** Compares arrays as sequences; the first `head` elements are known to be the same. */
function compareSequences(walk: Walk, before: readonly Json[], after: readonly Json[], head: number): void {
  const shorter = Math.min(before.length, after.length);
  let start = head;
  while (start < shorter && isSame(walk, before, start, after, start)) start += 1;
  if (start === before.length && start === after.length) return;
  const same = (at: number, otherAt: number) => isSame(walk, before, at, after, otherAt);
  const { alignment, complete } = alignBySequence({ before, after, same }, start);
  const first = walk.operations.length;
  compareAligned(walk, before, after, alignment);
  if (complete || !isLonger(walk.operations.slice(first), before, after)) return;
  walk.operations.length = first;
  replace(walk, before, after);
}

/** Whether two elements are equal but for what is ignored. */
function isSame(walk: Walk, before: readonly Json[], at: number, after: readonly Json[], otherAt: number): boolean {
  const was = before[at] as Json;
  const value = after[otherAt] as Json;
  if (equal(was, value)) return true;
  if (walk.ignore === undefined) return false;
  walk.path.push(otherAt);
  const same = equalExcept(was, value, walk.path, walk.ignore);
  walk.path.pop();
  return same;
}

/** Whether operations take more JSON than replacing the whole value. */
function isLonger(operations: readonly Operation[], was: Json, value: Json): boolean {
  return JSON.stringify(operations).length > JSON.stringify([{ op: 'replace', was, path: '', value }]).length;
}

/**
 * Removals go from the end, so that their indices are those of the old array; additions then go from the start, so that
 * their indices, and those of the edits after them, are those of the new array. In this order each index is right when
 * its turn comes (RFC 6902, section 3).
 */
function compareAligned(walk: Walk, before: readonly Json[], after: readonly Json[], alignment: Alignment): void {
  const { removed, added, kept, replaced } = alignment;
  for (let n = removed.length - 1; n >= 0; n -= 1) {
    walk.path.push(removed[n] as number);
    remove(walk, before[removed[n] as number] as Json);
    walk.path.pop();
  }
  for (const at of added) {
    walk.path.push(at);
    add(walk, after[at] as Json);
    walk.path.pop();
  }
  for (let n = 0; n < replaced.length; n += 2) {
    const at = replaced[n + 1] as number;
    walk.path.push(at);
    replace(walk, before[replaced[n] as number] as Json, after[at] as Json);
    walk.path.pop();
  }
  for (let n = 0; n < kept.length; n += 2) {
    const at = kept[n + 1] as number;
    compareElement(walk, at, before[kept[n] as number] as Json, after[at] as Json);
  }
}
