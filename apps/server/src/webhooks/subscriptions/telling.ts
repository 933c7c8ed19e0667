import type { Filter } from '../filters/filter.ts';
import type { Transformation } from '../transformations/transformation.ts';

/** What of the events a webhook is told, and in which form. */
export interface Telling {
  /** Null: everything. */
  readonly filter: Filter | null;
  /** `thin`: ids and an address, and neither the object nor its diff. */
  readonly payload: 'full' | 'thin';
  /** Null: the body is Carillon's own. */
  readonly transformation: Transformation | null;
}

/** What a webhook is told unless somebody wants it otherwise. */
export const usualTelling: Telling = { filter: null, payload: 'full', transformation: null };

/** The columns of `webhooks` that say so. */
export interface TellingRow {
  readonly filter: string | null;
  readonly payload: Telling['payload'];
  readonly transformation: string | null;
}

/** Those columns as the rest of the code knows them. */
export function tellingOf({ filter, payload, transformation }: TellingRow): Telling {
  if (filter === null && payload === 'full' && transformation === null) return usualTelling;
  return {
    filter: filter === null ? null : (JSON.parse(filter) as Filter),
    payload,
    transformation: transformation === null ? null : (JSON.parse(transformation) as Transformation),
  };
}

/** The values of those columns, in their order. */
export function tellingValues({ filter, payload, transformation }: Telling): (string | null)[] {
  const text = (value: object | null): string | null => (value === null ? null : JSON.stringify(value));
  return [text(filter), payload, text(transformation)];
}
