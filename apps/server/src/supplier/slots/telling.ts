import { isDeepStrictEqual } from 'node:util';
import { type AvailabilityDocument, maxRangeDays } from '@carillon/contract';
import type { Change, Held } from '../../changes/index.ts';
import type { Tx } from '../../platform/db/index.ts';
import type { ProductDefinition } from '../catalogue/definition.ts';
import { endEdit, lockEdit, moveEdit, nextEdit, type OpenEdit, putOffEdit } from '../catalogue/edit-store.ts';
import { lockProduct } from '../catalogue/store.ts';
import type { Deps } from '../deps.ts';
import { untouched } from './availability.ts';
import { lockSlots, nextSlotDate, type OptionKey, slotIdsBetween, touchSlots } from './store.ts';
import { type Days, type Stretch, slotsPerDay, stretchOf } from './stretch.ts';
import { notOffered, slotSubject } from './subject.ts';
import { dateOf, localMs } from './zone.ts';

const dayMs = 86_400_000;

/** Slots that one transaction looks at: with twenty webhooks that listen, other writes wait for it some 50 ms. */
const slotsAtOnce = 24;

/** Days that one transaction looks at, where they have few slots. */
const mostDays = 31;

type TellingDeps = Pick<Deps, 'db' | 'changes' | 'now'>;

/**
 * Tells of a portion of the slots that an edit of a product changed: of each that looks different now from what was told of it last,
 * one change. A slot that is not scheduled is told as CLOSED, and a new one as one that was. Slots that somebody reserved or
 * edited, or that were told of before, are told of at any date from yesterday on; others as far ahead as a calendar can see. False
 * when nothing is left to do, or others do it. Safe on several nodes at once; what was told already looks as it was told,
 * so that nothing is told twice.
 */
export async function tellOfEdit(deps: TellingDeps): Promise<boolean> {
  const key = await nextEdit(deps.db);
  if (key === undefined) return false;
  try {
    await deps.db.transaction(async (tx) => {
      // The product first, as whoever edits it does.
      const product = lockProduct(tx, key.supplierId, key.productId, { shared: true });
      const [{ definition }, edit] = await Promise.all([product, lockEdit(tx, key, tx.dialect.forUpdateSkipLocked)]);
      if (edit !== undefined) await tellPortion(tx, deps, edit, definition);
    });
  } catch (cause) {
    await putOffEdit(deps.db, key, deps.now());
    throw new Error(`The slots of ${key.productId} could not be told of an edit`, { cause });
  }
  return true;
}

/** Looks at the next slots of an edit's option, and writes how far it has got. `after` is the product as it is now. */
async function tellPortion(
  tx: Tx,
  deps: TellingDeps,
  edit: OpenEdit,
  after: ProductDefinition | undefined,
): Promise<void> {
  const now = deps.now();
  const optionId = edit.optionIds[edit.optionIndex];
  if (optionId === undefined) {
    endEdit(tx, edit);
    return;
  }
  const option = { productId: edit.productId, optionId };
  const ahead = await daysAhead(
    tx,
    edit,
    option,
    Math.max(slotsPerDay(edit.before, optionId), slotsPerDay(after, optionId)),
    now,
  );
  if (ahead === undefined) {
    moveEdit(tx, edit, { optionIndex: edit.optionIndex + 1, afterSlot: '' }, now);
    return;
  }
  const { days, scheduled } = ahead;
  const looks = { before: stretchOf(edit.before, optionId, days), after: stretchOf(after, optionId, days) };
  const touched = new Set(await slotIdsBetween(tx, edit.supplierId, option, days));
  const known = scheduled ? [...touched, ...looks.before.slots.keys(), ...looks.after.slots.keys()] : [...touched];
  const left = [...new Set(known)].filter((id) => id > edit.afterSlot).sort();
  const portion = left.slice(0, slotsAtOnce);
  const differing = portion.filter((id) => touched.has(id) || changeOf(looks, id, now) !== undefined);
  const changes = await changesOf(tx, deps, edit, option, { ids: differing, looks, now });
  await deps.changes.record(tx, changes);
  const afterSlot = left.length > portion.length ? (portion.at(-1) ?? '') : dateOf(localMs(days.to) + dayMs);
  moveEdit(tx, edit, { optionIndex: edit.optionIndex, afterSlot }, now);
}

/**
 * The next days of an option to look at, few enough that they have about a portion of slots; undefined when it is done. Beyond the
 * horizon what is `scheduled` there is not looked at.
 */
async function daysAhead(
  tx: Tx,
  { supplierId, afterSlot }: OpenEdit,
  option: OptionKey,
  perDay: number,
  now: number,
): Promise<{ readonly days: Days; readonly scheduled: boolean } | undefined> {
  // Somewhere on earth it may still be yesterday.
  const yesterday = dateOf(now - dayMs);
  const horizon = dateOf(now + maxRangeDays * dayMs);
  const next = afterSlot === '' ? yesterday : afterSlot.slice(0, 10);
  const scheduled = next <= horizon;
  const from = scheduled ? next : await nextSlotDate(tx, supplierId, option, next);
  if (from === undefined) return undefined;
  const count = Math.min(mostDays, Math.max(1, Math.floor(slotsAtOnce / Math.max(1, perDay))));
  const to = dateOf(localMs(from) + (count - 1) * dayMs);
  return { days: { from, to: scheduled && to > horizon ? horizon : to }, scheduled };
}

interface Looks {
  readonly before: Stretch;
  readonly after: Stretch;
}

/** Locks slots, and gives the changes that are to be told of them. */
async function changesOf(
  tx: Tx,
  { changes }: TellingDeps,
  { supplierId }: OpenEdit,
  option: OptionKey,
  { ids, looks, now }: { readonly ids: readonly string[]; readonly looks: Looks; readonly now: number },
): Promise<Change<'availability_update'>[]> {
  if (ids.length === 0) return [];
  const keys = ids.map((availabilityId) => ({ ...option, availabilityId }));
  const [, states, held] = await Promise.all([
    // Whoever reserves a slot meanwhile waits for its row, and who is told of it once is told of it again at any date.
    touchSlots(
      tx,
      supplierId,
      keys.map((key) => ({ ...key, localDate: key.availabilityId.slice(0, 10) })),
    ),
    lockSlots(tx, supplierId, option, ids),
    changes.hold(
      tx,
      keys.map((key) => slotSubject(supplierId, key)),
    ),
  ]);
  return ids.flatMap((id, index) => {
    const subject = held[index];
    const documents = changeOf(looks, id, now, { state: states.get(id), held: subject });
    return subject === undefined || documents === undefined
      ? []
      : [{ held: subject, connectionId: null, ...documents }];
  });
}

/** What is to be told of a slot: undefined when it looks as it was told, or as it looked before where it was not told of yet. */
function changeOf(
  looks: Looks,
  id: string,
  now: number,
  {
    state = untouched,
    held,
  }: { readonly state?: typeof untouched | undefined; readonly held?: Held<'availability_update'> | undefined } = {},
): { readonly before: AvailabilityDocument; readonly after: AvailabilityDocument } | undefined {
  const shown = looks.after.show(id, state, now);
  const told = held?.document ?? looks.before.show(id, state, now);
  // What was never offered cannot change.
  const before = told ?? (shown && notOffered(shown));
  const after = shown ?? (told && notOffered(told));
  if (before === undefined || after === undefined || alike(before, after)) return undefined;
  return { before, after };
}

/** Whether two documents differ in nothing but what follows the clock. */
function alike(before: AvailabilityDocument, after: AvailabilityDocument): boolean {
  return isDeepStrictEqual({ ...before, available: false }, { ...after, available: false });
}
