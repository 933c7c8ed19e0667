import type { Tx } from '../../platform/db/index.ts';
import { promoteNext } from '../../webhooks/index.ts';
import type { Erased } from './erased.ts';
import {
  cancelOwedOf,
  type EventTexts,
  emptyAnswers,
  emptyBodies,
  emptyTestAnswers,
  emptyTestBodies,
  eventIdsOfOrder,
  lockDeliveriesOf,
  lockOrder,
  textsOf,
  writeTexts,
} from './event-store.ts';
import { type IsGuest, noteTheirs, type Whose, withoutGuest } from './guest.ts';
import { contactOf, deleteMails, emptyMessages, findNoMore, lockMessages, ownOf, writeOwn } from './order-store.ts';

/** Why what is owed of a guest's events is cancelled, and their e-mails never leave. */
const guestErased = 'the guest was erased';

/** Events whose documents are read at once, and what one statement names: a long order has thousands. */
const atOnce = 100;

/**
 * Erases a guest from an order: from its documents and its bookings', what was made of them, and all e-mails of the order, because a copy
 * for somebody else says the same. `later`: one of its e-mails is just leaving; what came of it is to be known first.
 */
export async function eraseFromOrder(
  tx: Tx,
  order: { readonly supplierId: string; readonly orderId: string; readonly isGuest: IsGuest; readonly now: number },
): Promise<Partial<Erased> | 'later'> {
  const { supplierId, orderId, isGuest, now } = order;
  if (!(await lockOrder(tx, supplierId, orderId))) return {};
  const messages = await lockMessages(tx, supplierId, orderId);
  if (messages.some(({ state }) => state === 'sending')) return 'later';

  const eventIds = await eventIdsOfOrder(tx, supplierId, orderId);
  const own = await ownOf(tx, orderId);
  const whose = await whoseOf(tx, { eventIds, own, orderId, isGuest });
  const told = await eraseEvents(tx, eventIds, whose);
  const isOwnErased = await eraseOwn(tx, { own, orderId, whose });
  const counts = told.length === 0 ? {} : await eraseMade(tx, { supplierId, told, now });

  const isTheirs = ({ address }: { readonly address: string | null }) => address !== null && isGuest(address);
  const isAnyErased = told.length > 0 || isOwnErased || messages.some(isTheirs);
  const emptied = messages.filter((message) => isTheirs(message) || (isAnyErased && message.isFrozen));
  if (emptied.length === 0) return { orders: 1, ...counts };
  let mails = 0;
  for (const portion of inPortions(emptied)) {
    await emptyMessages(tx, { ids: portion.map(({ id }) => id), reason: guestErased, now });
    mails += await deleteMails(
      tx,
      portion.flatMap(({ headerId }) => headerId ?? []),
    );
  }
  return { orders: 1, ...counts, messages: emptied.length, mails };
}

/** Which of the order, its bookings and their tickets had the guest's address at some time. */
async function whoseOf(
  tx: Tx,
  of: {
    readonly eventIds: readonly string[];
    readonly own: string | null;
    readonly orderId: string;
    readonly isGuest: IsGuest;
  },
): Promise<Whose> {
  const { isGuest } = of;
  const theirs = new Set<string>();
  if (of.own !== null) noteTheirs({ ...(JSON.parse(of.own) as object), id: of.orderId }, isGuest, theirs);
  for (const ids of inPortions(of.eventIds)) {
    for (const { before, after } of await textsOf(tx, ids)) {
      for (const text of [before, after]) if (text !== null) noteTheirs(JSON.parse(text) as object, isGuest, theirs);
    }
  }
  return { isGuest, theirs };
}

/** What is remembered of an event that told of the guest. */
type Told = Pick<EventTexts, 'id' | 'type' | 'subjectId'>;

/** Writes the events anew that tell of the guest; gives them. */
async function eraseEvents(tx: Tx, eventIds: readonly string[], whose: Whose): Promise<Told[]> {
  const told: Told[] = [];
  for (const ids of inPortions(eventIds)) {
    for (const { id, type, subjectId, ...texts } of await textsOf(tx, ids)) {
      const before = texts.before === null ? null : textWithout(texts.before, whose);
      const after = textWithout(texts.after, whose);
      if (before === texts.before && after === texts.after) continue;
      writeTexts(tx, { id, before, after });
      told.push({ id, type, subjectId });
    }
  }
  return told;
}

function textWithout(text: string, whose: Whose): string {
  const document = JSON.parse(text) as object;
  const erased = withoutGuest(document, whose);
  return erased === document ? text : JSON.stringify(erased);
}

/** Erases what was made of events: bodies, answers to them, and what is still owed. */
async function eraseMade(
  tx: Tx,
  of: { readonly supplierId: string; readonly told: readonly Told[]; readonly now: number },
): Promise<Partial<Erased>> {
  const { supplierId } = of;
  const cancelled: string[] = [];
  let bodies = 0;
  let answers = 0;
  for (const portion of inPortions(of.told)) {
    const eventIds = portion.map(({ id }) => id);
    // Whoever renders one of them again, or stores an answer to it, comes before this or sees what is left.
    await lockDeliveriesOf(tx, eventIds);
    cancelled.push(...(await cancelOwedOf(tx, { eventIds, reason: guestErased, now: of.now })));
    bodies += await emptyBodies(tx, eventIds);
    answers += await emptyAnswers(tx, eventIds);
  }
  for (const lanes of inPortions([...new Set(of.told.map(({ type, subjectId }) => `${type}/${subjectId}`))])) {
    bodies += await emptyTestBodies(tx, supplierId, lanes);
    answers += await emptyTestAnswers(tx, supplierId, lanes);
  }
  for (const ids of inPortions(cancelled.sort())) await promoteNext(tx, ids);
  return { events: of.told.length, bodies, answers, cancelled: cancelled.length };
}

/** Erases what was said of the order itself, and by which contact it is found; whether anything was said of the guest. */
async function eraseOwn(
  tx: Tx,
  order: { readonly own: string | null; readonly orderId: string; readonly whose: Whose },
): Promise<boolean> {
  const { own, orderId, whose } = order;
  const said = own === null ? null : (JSON.parse(own) as object);
  // It does not say which order it is.
  const left = said && withoutGuest({ ...said, id: orderId }, whose);
  const { id: _, ...rest } = left ?? { id: orderId };
  const text = said === null ? null : JSON.stringify(rest);
  const isErased = text !== null && text !== JSON.stringify(said);
  if (isErased) writeOwn(tx, orderId, text);
  const { email, isFound } = await contactOf(tx, orderId);
  const isTheirs = email === null ? whose.theirs.has(orderId) : whose.isGuest(email);
  if (isFound && isTheirs) findNoMore(tx, orderId);
  return isErased;
}

function inPortions<T>(list: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(list.length / atOnce) }, (_, index) =>
    list.slice(index * atOnce, (index + 1) * atOnce),
  );
}
