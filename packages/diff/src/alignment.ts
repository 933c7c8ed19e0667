/** Which elements of one array became which of another. Matched elements keep their order. */
export interface Alignment {
  /** Indices in the old array of elements that are gone, ascending. */
  readonly removed: number[];
  /** Indices in the new array of elements that are new, ascending. */
  readonly added: number[];
  /** Old and new index, in turn, of each element that stayed and may have been edited. */
  readonly kept: number[];
  /** Old and new index, in turn, of elements that have nothing in common but their place. */
  readonly replaced: number[];
}

/** An alignment with nothing in it yet. */
export function emptyAlignment(): Alignment {
  return { removed: [], added: [], kept: [], replaced: [] };
}
