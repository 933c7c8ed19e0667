/** A JSON value. Containers are read-only: nothing in this package changes what it is given. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A JSON object. A member whose value is `undefined` counts as absent, as it does for `JSON.stringify`. */
export interface JsonObject {
  readonly [member: string]: Json | undefined;
}

/** Where a value stands in a document: member names and array indices (as numbers) from the root down. */
export type Path = readonly (string | number)[];

/** Whether a value is an array; `Array.isArray` alone does not narrow read-only arrays. */
export const isArray: (value: Json | undefined) => value is readonly Json[] = Array.isArray;

/** Whether a value is an object or an array. */
export function isContainer(value: Json | undefined): value is readonly Json[] | JsonObject {
  return typeof value === 'object' && value !== null;
}

/** The value of an object's own member; `undefined` when absent. Inherited names such as `__proto__` are not members. */
export function memberOf(object: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
