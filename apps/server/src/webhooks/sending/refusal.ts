import { DatabaseError, type DatabaseErrorKind } from '../../platform/db/index.ts';
import type { Finished } from './finished.ts';

/** The database refuses one outcome: it is left to its lease, and its delivery is sent again when that ends. */
export class OutcomeRefused extends Error {
  override readonly name = 'OutcomeRefused';
}

/** An outcome that could not be stored alone, and why. */
export interface Refused {
  readonly finished: Finished;
  readonly error: unknown;
}

const passing: ReadonlySet<DatabaseErrorKind> = new Set(['conflict', 'unavailable', 'disk_full']);
const ofRow: ReadonlySet<DatabaseErrorKind> = new Set(['unique', 'foreign_key', 'check', 'not_null', 'too_big']);

/** Whether a failure has nothing to do with what was to be stored. */
export const isPassing = (error: unknown): boolean => error instanceof DatabaseError && passing.has(error.kind);

/** Whether a failure is the fault of what was to be stored, and of nothing else. */
export const isOfRow = (error: unknown): boolean => error instanceof DatabaseError && ofRow.has(error.kind);
