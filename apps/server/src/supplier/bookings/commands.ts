import type { BookingDocument } from '@carillon/contract';
import type { Deps } from '../deps.ts';
import type { Party } from '../party.ts';
import { done, type Result, refuse } from '../refusal.ts';
import type { CancellationRequest, Confirmation, Extension, Update } from '../request.ts';
import { type Command, type CommandFacts, changeBooking } from './change.ts';
import { accept, confirm, reject } from './confirmation.ts';
import { mergeContact } from './contact.ts';
import type { Decision } from './decision.ts';
import { cancel, extend } from './ending.ts';
import { bookingOwner, termsOf } from './store.ts';
import { update } from './update.ts';
import { type LoadedFacts, loadUpdateFacts } from './update-facts.ts';
import { noShow, redeem } from './visit.ts';

type HoldSeconds = CommandFacts & { readonly holdSeconds: number };

/** A decision that needs to know nothing beyond the booking. */
export function plainly(decision: (booking: BookingDocument, now: number) => Decision): Command<CommandFacts> {
  return {
    facts: () => Promise.resolve({}),
    decide: (booking, _, now) => decision(booking, now),
  };
}

/** A confirmation; with `unitItems` it is of one booking. */
export function confirming(deps: Deps, by: Party, request: Confirmation): Command<LoadedFacts> {
  return {
    facts: async (tx, [booking], order) => ({
      ...(await loadUpdateFacts(tx, deps, by.supplierId, booking, request)),
      orderContact: order.own.contact && mergeContact(order.own.contact, request.contact),
    }),
    decide: (booking, facts, now) => confirm(booking, request, { ...facts, now }),
  };
}

/** An extension. */
export function extending(by: Party, request: Extension): Command<HoldSeconds> {
  return {
    facts: async (tx) => ({ holdSeconds: (await termsOf(tx, by))?.hold_seconds ?? 0 }),
    decide: (booking, { holdSeconds }, now) => extend(booking, request, holdSeconds, now),
  };
}

/** A cancellation. */
export function cancelling(request: CancellationRequest): Command<CommandFacts> {
  return plainly((booking, now) => cancel(booking, request, now));
}

/** The commands on one booking of a connection; each is one transaction. */
export interface BookingCommands {
  update(by: Party, uuid: string, request: Update): Promise<Result<BookingDocument>>;
  confirm(by: Party, uuid: string, request: Confirmation): Promise<Result<BookingDocument>>;
  extend(by: Party, uuid: string, request: Extension): Promise<Result<BookingDocument>>;
  cancel(by: Party, uuid: string, request: CancellationRequest): Promise<Result<BookingDocument>>;
  /** The supplier accepts, or rejects, a booking that is PENDING. */
  accept(by: Party, uuid: string): Promise<Result<BookingDocument>>;
  reject(by: Party, uuid: string, reason: string | null): Promise<Result<BookingDocument>>;
  redeem(by: Party, uuid: string): Promise<Result<BookingDocument>>;
  noShow(by: Party, uuid: string): Promise<Result<BookingDocument>>;
  /** The connection that a supplier's booking is of, in whose name the operator acts. */
  ownerOfBooking(supplierId: string, uuid: string): Promise<Result<Party>>;
}

/** Makes the commands on one booking. */
export function bookingCommands(deps: Deps): BookingCommands {
  return {
    update: (by, uuid, request) =>
      changeBooking<LoadedFacts>(deps, by, uuid, {
        facts: (tx, [booking]) => loadUpdateFacts(tx, deps, by.supplierId, booking, request),
        decide: (booking, facts, now) => update(booking, request, { ...facts, now }),
      }),
    confirm: (by, uuid, request) => changeBooking(deps, by, uuid, confirming(deps, by, request)),
    extend: (by, uuid, request) => changeBooking(deps, by, uuid, extending(by, request)),
    cancel: (by, uuid, request) => changeBooking(deps, by, uuid, cancelling(request)),
    accept: (by, uuid) =>
      changeBooking(
        deps,
        by,
        uuid,
        plainly((booking, now) => accept(booking, now, deps.codes)),
      ),
    reject: (by, uuid, reason) =>
      changeBooking(
        deps,
        by,
        uuid,
        plainly((booking, now) => reject(booking, reason, now)),
      ),
    redeem: (by, uuid) => changeBooking(deps, by, uuid, plainly(redeem)),
    noShow: (by, uuid) => changeBooking(deps, by, uuid, plainly(noShow)),
    async ownerOfBooking(supplierId, uuid) {
      const owner = await bookingOwner(deps.db.reader, supplierId, uuid);
      return owner === undefined ? refuse({ kind: 'booking', uuid }) : done(owner);
    },
  };
}
