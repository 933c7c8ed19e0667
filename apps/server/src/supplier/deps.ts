import type { Changes } from '../changes/index.ts';
import type { Db } from '../platform/db/index.ts';
import type { Codes } from './bookings/codes.ts';

/** What the commands of this module work with. `now` gives ms UTC, `newId` a fresh id that sorts by time. */
export interface Deps {
  readonly db: Db;
  readonly changes: Changes;
  readonly now: () => number;
  readonly newId: () => string;
  readonly codes: Codes;
}
