import { accepted, guest } from '../supplier/stage.ts';
import type { Stage } from './stage.ts';

/** A booking of two adults for the cruise, in an order of its own, that its connection has confirmed. */
export async function booked(stage: Stage, party = stage.reseller) {
  const hold = accepted(await stage.supplier.reserve(party, stage.cruise({ contact: guest })));
  return accepted(await stage.supplier.confirm(party, hold.uuid, {}));
}

/** The cruise is confirmed by its supplier from here on. */
export async function withoutInstantConfirmation(stage: Stage): Promise<void> {
  const definition = { ...(await stage.definition('cruise')), instantConfirmation: false };
  accepted(await stage.supplier.saveProduct(stage.sample.supplierId, definition));
}

/** The type, the subject and the status after it, of each event from here on. */
export async function recordingFrom(stage: Stage) {
  const known = new Set((await stage.events()).map(({ id }) => id));
  return async () =>
    (await stage.events())
      .filter(({ id }) => !known.has(id))
      .map(({ type, subjectId, after }) => [type, subjectId, (after as { readonly status?: string }).status])
      .sort();
}
