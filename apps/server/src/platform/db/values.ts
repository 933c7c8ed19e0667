import type { Param } from './db.ts';

/** Types that parameters are cast to; both engines know them. */
export type SqlType = 'text' | 'bigint' | 'integer' | 'double precision';

/**
 * The rows of a multi-row `values`: `rows(['text', 'bigint'], 2)` is `(cast($1 as text), cast($2 as bigint)), ($3, $4)`, numbered from
 * `first`. Used as a table its columns are `column1`, `column2`, … on both engines. Only the first row is cast: Postgres gives its
 * types to the others. At least one row, and at most 32,766 parameters in a statement (SQLite's limit). One text for one count,
 * so that statements are found prepared.
 */
export function rows(types: readonly SqlType[], count: number, first = 1): string {
  if (!(count > 0)) throw new RangeError(`rows() was asked for ${count} rows: \`values\` cannot be empty`);
  const width = types.length;
  let text = `(${types.map((type, column) => `cast($${first + column} as ${type})`).join(', ')})`;
  for (let row = 1; row < count; row++) {
    const start = first + row * width;
    text += `, ($${start}`;
    for (let column = 1; column < width; column++) text += `, $${start + column}`;
    text += ')';
  }
  return text;
}

/**
 * A list for `in (…)`, filled up to 1, 2, 4, 8, … by repeating its last element, so that a dozen texts serve every length and stay
 * prepared. At least one element.
 */
export function padded<T>(list: readonly T[]): T[] {
  const last = list.at(-1) as T;
  const size = 2 ** Math.ceil(Math.log2(list.length));
  return [...list, ...Array.from({ length: size - list.length }, () => last)];
}

/** Placeholders for `in (…)`: `places(3, 2)` is `$2, $3, $4`. */
export function places(count: number, first = 1): string {
  return Array.from({ length: count }, (_, index) => `$${index + first}`).join(', ');
}

/** Portions larger than the last. */
const sizes = [128, 96, 64, 48, 32];
const mostLast = 24;

/**
 * Cuts a list into portions of 128, 96, 64, 48 or 32, and a last one of 1 to 24. One multi-row statement for each portion means few
 * different texts, which stay prepared; with a text for every length, Postgres spends more on parsing 200 rows than on storing them.
 */
export function portions<T>(list: readonly T[]): T[][] {
  const found: T[][] = [];
  for (let from = 0; from < list.length; ) {
    const left = list.length - from;
    const size = left <= mostLast ? left : (sizes.find((each) => each <= left) ?? mostLast);
    found.push(list.slice(from, from + size));
    from += size;
  }
  return found;
}

/** Parameters as both engines store them: Postgres refuses NUL in text, so it is taken out of what others send us. */
export function withoutNul(params: readonly Param[]): Param[] {
  return params.map((param) =>
    typeof param === 'string' && param.includes('\0') ? param.replaceAll('\0', '') : param,
  );
}
