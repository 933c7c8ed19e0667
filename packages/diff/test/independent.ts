import fastJsonPatch from 'fast-json-patch';
import { applyPatch } from 'rfc6902';
import type { Json, Operation } from '../src/index.ts';
import { parsed } from './json.ts';

/** The documents that two independent implementations of RFC 6902 make of a document and a patch. */
export function appliedElsewhere(document: Json, operations: readonly Operation[]): Json[] {
  // Both edit in place and cannot replace the root that they were given, so the document gets a root around it.
  const patch = operations.map((operation) => ({ ...operation, path: `/root${operation.path}` }));
  const mine = { root: parsed(document) };
  const problems = applyPatch(mine, parsed(patch)).filter((problem) => problem !== null);
  if (problems.length > 0) throw new Error(`rfc6902 refuses the patch: ${problems.join('; ')}`);
  const theirs = { root: parsed(document) };
  fastJsonPatch.applyPatch(theirs, parsed(patch) as Parameters<typeof fastJsonPatch.applyPatch>[1], true);
  return [mine.root, theirs.root];
}
