import { type Alignment, emptyAlignment } from './alignment.ts';
import { longestIncreasing } from './increasing.ts';
import { isArray, isContainer, type Json } from './json.ts';

/** What tells the elements of an array apart: the name of a member, or a function of the element. */
export type Identity = string | ((element: Json) => string | number | undefined);

/** The identity of one element; `undefined` when it has none. `1` and `'1'` are different identities. */
function identify(element: Json, identity: Identity): string | number | undefined {
  if (typeof identity === 'function') return identity(element);
  if (!isContainer(element) || isArray(element)) return undefined;
  const value = element[identity];
  return typeof value === 'string' || typeof value === 'number' ? value : undefined;
}

/** Whether two arrays hold the same identified elements in the same order: the common case, told without allocating. */
export function inSameOrder(before: readonly Json[], after: readonly Json[], identity: Identity): boolean {
  if (before.length !== after.length) return false;
  for (let at = 0; at < before.length; at += 1) {
    const was = identify(before[at] as Json, identity);
    if (was === undefined || was !== identify(after[at] as Json, identity)) return false;
  }
  return true;
}

/**
 * Matches elements by identity. As many as possible are kept in order (a longest increasing subsequence), so that the
 * fewest are taken out and put back elsewhere; `undefined` when an element has no identity or two share one.
 */
export function alignByIdentity(
  before: readonly Json[],
  after: readonly Json[],
  identity: Identity,
): Alignment | undefined {
  if (before.length > 0 && identify(before[0] as Json, identity) === undefined) return undefined;
  const places = new Map<string | number, number>();
  for (let at = 0; at < after.length; at += 1) {
    const id = identify(after[at] as Json, identity);
    if (id === undefined || places.has(id)) return undefined;
    places.set(id, at);
  }
  const targets = new Int32Array(before.length);
  const seen = new Set<string | number>();
  for (let at = 0; at < before.length; at += 1) {
    const id = identify(before[at] as Json, identity);
    if (id === undefined || seen.has(id)) return undefined;
    seen.add(id);
    targets[at] = places.get(id) ?? -1;
  }
  return alignmentOf(targets, after.length);
}

function alignmentOf(targets: Int32Array, length: number): Alignment {
  const alignment = emptyAlignment();
  const stays = longestIncreasing(targets);
  let next = 0;
  let added = 0;
  for (let at = 0; at < targets.length; at += 1) {
    if (stays[next] !== at) {
      alignment.removed.push(at);
      continue;
    }
    next += 1;
    const target = targets[at] as number;
    for (; added < target; added += 1) alignment.added.push(added);
    added = target + 1;
    alignment.kept.push(at, target);
  }
  for (; added < length; added += 1) alignment.added.push(added);
  return alignment;
}
