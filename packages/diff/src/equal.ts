import { isArray, isContainer, type Json, type JsonObject, memberOf, type Path } from './json.ts';

/**
 * Whether two JSON values are deeply equal: members in any order, a member that is `undefined` as absent, `-0` as `0`.
 * Walks each once and allocates nothing.
 */
export function equal(left: Json, right: Json): boolean {
  if (left === right) return true;
  if (!isContainer(left) || !isContainer(right)) return false;
  if (isArray(left)) return isArray(right) && equalArrays(left, right);
  return !isArray(right) && equalObjects(left, right);
}

function equalArrays(left: readonly Json[], right: readonly Json[]): boolean {
  if (left.length !== right.length) return false;
  for (let at = 0; at < left.length; at += 1) {
    const x = left[at] as Json;
    const y = right[at] as Json;
    if (x !== y && !equal(x, y)) return false;
  }
  return true;
}

function equalObjects(left: JsonObject, right: JsonObject): boolean {
  let shared = 0;
  for (const name in left) {
    const x = left[name];
    if (x === undefined) continue;
    const y = right[name];
    if (x !== y && (!isContainer(x) || !isContainer(y) || !Object.hasOwn(right, name) || !equal(x, y))) return false;
    shared += 1;
  }
  let size = 0;
  for (const _name in right) size += 1;
  return (
    size === shared ||
    Object.keys(right).every((name) => right[name] === undefined || memberOf(left, name) !== undefined)
  );
}

/** Whether two JSON values are deeply equal but for members that are to be ignored; `path` is where they stand. */
export function equalExcept(
  left: Json,
  right: Json,
  path: (string | number)[],
  ignore: (path: Path) => boolean,
): boolean {
  if (!isContainer(left) || !isContainer(right) || isArray(left) !== isArray(right)) return left === right;
  if (isArray(left) && isArray(right) && left.length !== right.length) return false;
  const within = (step: string | number, x: Json | undefined, y: Json | undefined): boolean => {
    if (x === y) return true;
    path.push(step);
    const same = x !== undefined && y !== undefined && equalExcept(x, y, path, ignore);
    const ignored = !same && typeof step === 'string' && ignore(path);
    path.pop();
    return same || ignored;
  };
  if (isArray(left)) return left.every((x, at) => within(at, x, (right as readonly Json[])[at]));
  const other = right as JsonObject;
  return (
    Object.keys(left).every((name) => within(name, left[name], memberOf(other, name))) &&
    Object.keys(other).every((name) => memberOf(left, name) !== undefined || within(name, undefined, other[name]))
  );
}
