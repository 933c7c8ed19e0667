import { createHash } from 'node:crypto';
import type { BookingDocument } from '@carillon/contract';
import type { Queryable } from '../../platform/db/index.ts';
import type { Deps } from '../deps.ts';
import type { Party } from '../party.ts';
import { done, type Result, refuse } from '../refusal.ts';
import { bookingOrigin } from './store.ts';

/** JSON of a value with its keys sorted, so that the same request in another order of keys is the same text. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, node: unknown) =>
    typeof node === 'object' && node !== null && !Array.isArray(node)
      ? Object.fromEntries(Object.entries(node).sort(([one], [other]) => (one < other ? -1 : 1)))
      : node,
  );
}

/** SHA-256 of a request, in hex. */
export function fingerprintOf(request: object): string {
  return createHash('sha256').update(canonical(request)).digest('hex');
}

/** The booking that this request made before, or a refusal if something else made it; undefined: the uuid is free. */
export async function madeBefore(
  db: Queryable,
  { changes }: Deps,
  by: Party,
  uuid: string,
  fingerprint: string,
): Promise<Result<BookingDocument> | undefined> {
  const origin = await bookingOrigin(db, by.supplierId, uuid);
  if (origin === undefined) return undefined;
  const same = origin.connection_id === by.connectionId && origin.fingerprint === fingerprint;
  const subject = { supplierId: by.supplierId, type: 'booking_update' as const, id: uuid };
  const document = same ? await changes.current(db, subject) : undefined;
  return document === undefined ? refuse({ kind: 'booking', uuid }) : done(document);
}
