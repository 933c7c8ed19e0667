import type { Json } from './json.ts';
import type { Operation } from './operation.ts';
import type { DiffOptions } from './options.ts';
import { pointerOf } from './pointer.ts';

/** One run of `diff`: the operations so far, and the place in the new document that it has come to. */
export interface Walk {
  readonly operations: Operation[];
  readonly path: (string | number)[];
  readonly identify: DiffOptions['identify'];
  readonly ignore: DiffOptions['ignore'];
}

/** Notes that the value at the walk's place is new. */
export function add(walk: Walk, value: Json): void {
  walk.operations.push({ op: 'add', path: pointerOf(walk.path), value });
}

/** Notes that the value at the walk's place is gone. */
export function remove(walk: Walk, was: Json): void {
  walk.operations.push({ op: 'remove', was, path: pointerOf(walk.path) });
}

/** Notes that the value at the walk's place is another. */
export function replace(walk: Walk, was: Json, value: Json): void {
  walk.operations.push({ op: 'replace', was, path: pointerOf(walk.path), value });
}
