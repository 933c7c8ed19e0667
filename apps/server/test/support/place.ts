import { type Db, openPostgres, openSqlite } from '../../src/platform/db/index.ts';

/** Where a database is: all that a process needs to open it. */
export type Place =
  | { readonly engine: 'sqlite'; readonly directory: string }
  | { readonly engine: 'postgres'; readonly url: string };

/** Limits of an opened database that a test wants to see passed, ms. */
export interface OpenLimits {
  readonly idleTransactionMs?: number;
}

/** Opens what is at a place; whoever calls it closes it. For programs that a test starts; a test itself has `open`. */
export function openPlace(place: Place, limits: OpenLimits = {}): Promise<Db> {
  return place.engine === 'sqlite' ? openSqlite({ ...place, ...limits }) : openPostgres({ ...place, ...limits });
}
