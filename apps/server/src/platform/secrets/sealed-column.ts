/** A column that holds sealed texts, or null; whoever stores them names it, so that they can be sealed anew. */
export interface SealedColumn {
  readonly table: string;
  /** The column of text that is the table's primary key. */
  readonly key: string;
  readonly column: string;
}
