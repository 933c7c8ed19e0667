import type { Json } from '@carillon/diff';

/** The elements of `list` that a value at `path` holds: the value itself, its own, or its member's. */
export function elementsAt(path: string, list: string, value: Json | undefined): readonly Json[] {
  if (value === undefined) return [];
  if (path.startsWith(`${list}/`)) return path.indexOf('/', list.length + 1) === -1 ? [value] : [];
  return listOf(valueAt(path, list, value));
}

/** What stands at `pointer`, when `value` is put at `path`, which is the same or above it. */
export function valueAt(path: string, pointer: string, value: Json | undefined): Json | undefined {
  if (path === pointer) return value;
  if (!pointer.startsWith(`${path}/`)) return undefined;
  const inner = pointer.slice(path.length + 1).split('/');
  return inner.reduce<Json | undefined>((here, name) => objectOf(here)[name], value);
}

/** The members of an object; none of anything else. */
export function objectOf(value: Json | undefined): { readonly [member: string]: Json | undefined } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as { readonly [member: string]: Json | undefined })
    : {};
}

/** The elements of a list; none of anything else. */
export const listOf = (value: Json | undefined): readonly Json[] =>
  Array.isArray(value) ? (value as readonly Json[]) : [];
