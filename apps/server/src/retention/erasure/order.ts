import type { Tx } from '../../platform/db/index.ts';
import { promoteNext } from '../../webhooks/index.ts';
import type { Erased } from './erased.ts';
import {
  cancelOwedOf,
  type EventTexts,
  emptyAnswers,
  emptyBodies,
  eventsOfOrder,
  lockOrder,
  writeTexts,
} from './event-store.ts';
import { type IsGuest, tellsOf, withoutGuest } from './guest.ts';
import { addressedMessages, deleteMails, emptyMessages, findNoMore, ownOf, writeOwn } from './order-store.ts';

/** Why what is owed of a guest's events is cancelled, and their e-mails never leave. */
const guestErased = 'the guest was erased';

/**
 * Erases a guest from an order: from its documents and its bookings', what was made of them, and its e-mails. `later`: one of its
 * e-mails is just leaving; what came of it is to be known first.
 */
export async function eraseFromOrder(
  tx: Tx,
  order: { readonly supplierId: string; readonly orderId: string; readonly isGuest: IsGuest; readonly now: number },
): Promise<Partial<Erased> | 'later'> {
  const { supplierId, orderId, isGuest, now } = order;
  if (!(await lockOrder(tx, supplierId, orderId))) return {};
  const messages = await addressedMessages(tx, supplierId, orderId);
  const theirs = messages.filter(({ address }) => isGuest(address));
  if (theirs.some(({ state }) => state === 'sending')) return 'later';

  const events = await eventsOfOrder(tx, supplierId, orderId);
  const told = events.filter((event) => changedBy(tx, event, isGuest));
  await eraseOwn(tx, { orderId, isGuest });
  const counts = told.length === 0 ? {} : await eraseMade(tx, { supplierId, told, now });
  if (theirs.length === 0) return { orders: 1, ...counts };
  await emptyMessages(tx, { ids: theirs.map(({ id }) => id), reason: guestErased, now });
  const mails = await deleteMails(
    tx,
    theirs.flatMap(({ headerId }) => headerId ?? []),
  );
  return { orders: 1, ...counts, messages: theirs.length, mails };
}

/** Writes an event anew where it tells of the guest; whether it did. */
function changedBy(tx: Tx, event: EventTexts, isGuest: IsGuest): boolean {
  const before = event.before === null ? null : textWithout(event.before, isGuest);
  const after = textWithout(event.after, isGuest);
  if (before === event.before && after === event.after) return false;
  writeTexts(tx, { id: event.id, before, after });
  return true;
}

function textWithout(text: string, isGuest: IsGuest): string {
  const document = JSON.parse(text) as object;
  const erased = withoutGuest(document, isGuest);
  return erased === document ? text : JSON.stringify(erased);
}

/** Erases what was made of events: bodies, answers to them, and what is still owed. */
async function eraseMade(
  tx: Tx,
  of: { readonly supplierId: string; readonly told: readonly EventTexts[]; readonly now: number },
): Promise<Partial<Erased>> {
  const eventIds = of.told.map(({ id }) => id);
  const lanes = [...new Set(of.told.map(({ type, subjectId }) => `${type}/${subjectId}`))];
  const cancelled = await cancelOwedOf(tx, { eventIds, reason: guestErased, now: of.now });
  await promoteNext(tx, cancelled.sort());
  const made = { supplierId: of.supplierId, eventIds, lanes };
  const bodies = await emptyBodies(tx, made);
  const answers = await emptyAnswers(tx, made);
  return { events: eventIds.length, bodies, answers, cancelled: cancelled.length };
}

/** Erases what was said of the order itself, and by which contact it is found. */
async function eraseOwn(tx: Tx, order: { readonly orderId: string; readonly isGuest: IsGuest }): Promise<void> {
  const own = await ownOf(tx, order.orderId);
  if (own !== null) {
    const said = JSON.parse(own) as { readonly contact: object | null };
    if (tellsOf(said, order.isGuest)) writeOwn(tx, order.orderId, JSON.stringify(withoutGuest(said, order.isGuest)));
  }
  const [now] = await tx.all<{ email: string | null }>('select contact_email as email from orders where id = $1', [
    order.orderId,
  ]);
  if (now?.email === null || (now !== undefined && order.isGuest(now.email))) findNoMore(tx, order.orderId);
}
