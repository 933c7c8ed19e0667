import { DatabaseError as ServerError } from 'pg';
import { DatabaseError, kindOfSqlState } from '../errors.ts';

/** Translates what `pg` throws. */
export function postgresError(error: unknown): DatabaseError {
  if (error instanceof DatabaseError) return error;
  if (error instanceof ServerError && error.code !== undefined) {
    const kind = isStalePlan(error) ? 'conflict' : kindOfSqlState(error.code);
    const constraint = kind === 'not_null' ? `${error.table}.${error.column}` : error.constraint;
    // These quote the row, which may be a guest's; errors are logged.
    error.detail = undefined;
    error.where = undefined;
    return new DatabaseError(kind, error.message, { cause: error, constraint });
  }
  // Thrown while reading a row; see values.ts.
  if (error instanceof RangeError) return new DatabaseError('other', error.message, { cause: error });
  // Everything else comes from the socket or the pool: refused, reset, ended, none free in time.
  return new DatabaseError('unavailable', `Postgres is not available: ${messageOf(error)}`, { cause: error });
}

/** A prepared statement's columns were changed by a migration: it works once it is prepared again. */
export function isStalePlan(error: unknown): boolean {
  return error instanceof ServerError && error.code === '0A000' && error.routine === 'RevalidateCachedQuery';
}

function messageOf(error: unknown): string {
  // Several addresses refused: the error itself has no message.
  if (error instanceof AggregateError) return error.errors.map(messageOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}
