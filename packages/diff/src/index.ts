export { apply } from './apply.ts';
export { changed } from './changed.ts';
export { diff } from './diff.ts';
export type { Identity } from './identity.ts';
export { invert } from './invert.ts';
export type { Json, JsonObject, Path } from './json.ts';
export type { Add, Operation, Remove, Replace } from './operation.ts';
export type { DiffOptions } from './options.ts';
export { PatchError, type PatchProblem } from './patch-error.ts';
