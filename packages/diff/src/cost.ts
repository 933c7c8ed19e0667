import { equal } from './equal.ts';
import { isArray, isContainer, type Json, type JsonObject, memberOf } from './json.ts';

/** Characters of JSON that an operation takes besides its values, roughly. */
const perOperation = 40;

/** Characters that a container inside another is counted for, without looking into it. */
const perContainer = 60;

/** Roughly how many characters of JSON it takes to remove or add a value. */
export function costOf(value: Json): number {
  return perOperation + lengthOf(value);
}

/** Roughly how many characters of JSON it takes to put one value in the place of another. */
export function costToReplace(was: Json, value: Json): number {
  return perOperation + lengthOf(was) + lengthOf(value);
}

/**
 * Roughly how many characters of JSON it takes to turn one container into another part by part; `undefined` when they
 * have nothing in common: not one equal part, nor one that is a container in both.
 */
export function costToEdit(was: Json, value: Json): number | undefined {
  if (!isContainer(was) || !isContainer(value)) return undefined;
  if (isArray(was)) return isArray(value) ? costToEditArray(was, value) : undefined;
  return isArray(value) ? undefined : costToEditObject(was, value);
}

function costToEditObject(was: JsonObject, value: JsonObject): number | undefined {
  let cost = 0;
  let alike = false;
  for (const name of Object.keys(was)) {
    const old = was[name];
    const young = memberOf(value, name);
    if (old === undefined) continue;
    const part = costOfPart(old, young);
    if (young !== undefined && (part === 0 || bothNested(old, young))) alike = true;
    cost += part;
  }
  for (const name of Object.keys(value)) {
    if (memberOf(was, name) === undefined) cost += costOfPart(undefined, value[name]);
  }
  return alike ? cost : undefined;
}

/** Arrays always count as alike: what they hold is compared when their turn comes. */
function costToEditArray(was: readonly Json[], value: readonly Json[]): number {
  let cost = 0;
  for (let at = 0; at < Math.max(was.length, value.length); at += 1) cost += costOfPart(was[at], value[at]);
  return cost;
}

function costOfPart(was: Json | undefined, value: Json | undefined): number {
  if (was === undefined) return value === undefined ? 0 : costOf(value);
  if (value === undefined) return costOf(was);
  if (equal(was, value)) return 0;
  return bothNested(was, value) ? perOperation + perContainer : costToReplace(was, value);
}

function bothNested(was: Json, value: Json): boolean {
  return isContainer(was) && isContainer(value) && isArray(was) === isArray(value);
}

function lengthOf(value: Json): number {
  if (!isContainer(value)) return shallowLengthOf(value);
  let length = 2;
  if (isArray(value)) for (const element of value) length += 1 + shallowLengthOf(element);
  else for (const name of Object.keys(value)) length += name.length + 4 + shallowLengthOf(value[name] ?? null);
  return length;
}

function shallowLengthOf(value: Json): number {
  if (typeof value === 'string') return value.length + 2;
  return isContainer(value) ? perContainer : 5;
}
