import type { Json } from './json.ts';

/** Puts a value where there was none: a member of an object, or an element of an array before the one at that index. */
export interface Add {
  readonly op: 'add';
  readonly path: string;
  readonly value: Json;
}

/** Takes a value away; `was` is what stood there. */
export interface Remove {
  readonly op: 'remove';
  readonly was: Json;
  readonly path: string;
}

/** Puts `value` in the place of `was`. */
export interface Replace {
  readonly op: 'replace';
  readonly was: Json;
  readonly path: string;
  readonly value: Json;
}

/**
 * One step of a diff: an operation of JSON Patch (RFC 6902) with the old value in `was`.
 * `path` is a JSON Pointer (RFC 6901) into the document as the operations before this one left it.
 */
export type Operation = Add | Remove | Replace;
