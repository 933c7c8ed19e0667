import {
  type AnyDocument,
  type AvailabilityDocument,
  type CapabilityId,
  type EventType,
  eventTypes,
} from '@carillon/contract';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { onEachEngine } from '../support/databases.ts';
import { openStage } from '../webhooks/stage.ts';
import { boat } from './conservation/boat.ts';
import { counts, expectMoney } from './conservation/money.ts';
import { operation } from './conservation/operation.ts';
import { type Made, perform } from './conservation/performing.ts';
import { expectPlaces } from './conservation/places.ts';
import { expectSeen, followed, replayed } from './conservation/replay.ts';
import { accepted, type Stage, tellOfEdits } from './stage.ts';

const scale = Number(process.env.CARILLON_TEST_SCALE ?? 1);
/** How many do something at once. */
const clients = 8;

/** A webhook of the website. */
interface Hook {
  readonly type: EventType;
  readonly capabilities: readonly CapabilityId[];
}

/** Webhooks for every type of event, each for two audiences, by id. */
async function subscribed(stage: Awaited<ReturnType<typeof openStage>>): Promise<ReadonlyMap<string, Hook>> {
  const hooks = eventTypes.flatMap((type): Hook[] => [
    { type, capabilities: type === 'order_update' ? ['octo/cart'] : [] },
    { type, capabilities: ['octo/cart', 'octo/pricing', 'octo/content'] },
  ]);
  const made = new Map<string, Hook>();
  for (const hook of hooks) {
    // It is what is owed that counts: nothing is sent.
    const url = 'http://127.0.0.1:9/';
    const { id } = await stage.subscribe(url, { event: hook.type, capabilities: hook.capabilities });
    made.set(id, hook);
  }
  return made;
}

/** Every webhook can work out from its diffs what the documents show to it now. */
async function expectKnown(
  { db, clock }: Stage,
  webhooks: ReadonlyMap<string, Hook>,
  documents: ReadonlyMap<string, AnyDocument>,
): Promise<void> {
  const typeOf = new Map([...webhooks].map(([id, { type }]) => [id, type]));
  const told = await followed(db, typeOf);
  expect(new Set(told.map(({ webhookId }) => typeOf.get(webhookId)))).toContain('availability_update');
  for (const known of told) {
    const hook = webhooks.get(known.webhookId);
    const current = documents.get(known.subject);
    if (hook === undefined || current === undefined) throw new Error(`Nothing happened to ${known.subject}`);
    expectSeen(known, hook.type, current, { ...hook, now: clock.now });
  }
}

onEachEngine('whatever happens', (open) => {
  it('places and money add up, and the events tell how everything came to be', {
    timeout: 120_000 * scale,
  }, async () => {
    // A thousand operations from a scale of ten on.
    const rounds = fc.array(fc.array(operation, { minLength: clients, maxLength: clients }), {
      minLength: Math.min(1_000 / clients, Math.ceil(12.5 * scale)),
      maxLength: Math.min(1_200 / clients, Math.ceil(15 * scale)),
    });
    await fc.assert(
      fc.asyncProperty(rounds, async (operations) => {
        const db = await open();
        const hooked = await openStage(db);
        const stage: Stage = { ...hooked, tellOfEdits: () => tellOfEdits(hooked.supplier) };
        const base = boat(await stage.definition('rowing'));
        accepted(await stage.supplier.saveProduct(stage.sample.supplierId, base));
        const byHand = { ...(await stage.definition('cruise')), instantConfirmation: false };
        accepted(await stage.supplier.saveProduct(stage.sample.supplierId, byHand));
        const webhooks = await subscribed(hooked);
        const known = new Set((await stage.events()).map(({ id }) => id));
        const made: Made = { bookings: [], orders: [] };
        for (const round of operations) await Promise.all(round.map((each) => perform(stage, base, made, each)));

        accepted(await stage.supplier.saveProduct(stage.sample.supplierId, base));
        await stage.tellOfEdits();

        const parties = [stage.website, stage.reseller];
        const lists = await Promise.all(parties.map((party) => stage.supplier.bookings(party, {})));
        const bookings = lists.flatMap(accepted);
        expect(bookings).toHaveLength(made.bookings.length);
        const events = (await stage.events())
          .filter(({ id }) => !known.has(id))
          .sort((one, other) => one.position - other.position);
        expectMoney(events);
        const documents = replayed(events);
        const kept = (type: string) => [...documents.keys()].filter((key) => key.startsWith(type));
        expect(kept('booking_update')).toHaveLength(bookings.length);
        const orders = await db.all<{ id: string; connection_id: string }>('select id, connection_id from orders');
        expect(kept('order_update')).toHaveLength(orders.length);
        for (const each of bookings) expect(documents.get(`booking_update/${each.uuid}`)).toEqual(each);
        const slotsTold = kept('availability_update').map((key) => documents.get(key));
        await expectPlaces(stage, bookings, slotsTold as readonly unknown[] as readonly AvailabilityDocument[]);
        const product = accepted(await stage.supplier.product(stage.sample.supplierId, base.id));
        expect(documents.get(`product_update/${base.id}`) ?? product).toEqual(product);
        await expectKnown(
          stage,
          webhooks,
          documents as ReadonlyMap<string, unknown> as ReadonlyMap<string, AnyDocument>,
        );
        for (const { id, connection_id: connectionId } of orders) {
          const party = { supplierId: stage.sample.supplierId, connectionId };
          const order = accepted(await stage.supplier.order(party, id));
          expect(documents.get(`order_update/${id}`)).toEqual(order);
          for (const each of order.bookings) expect(each).toEqual(bookings.find(({ uuid }) => uuid === each.uuid));
          // What was removed has been cancelled, and of what counts exactly one is primary.
          const standing = new Set(order.bookings.map(({ uuid }) => uuid));
          const gone = bookings.filter((each) => each.orderId === id && !standing.has(each.uuid));
          expect(gone.filter(({ status }) => status !== 'CANCELLED')).toEqual([]);
          const counting = order.bookings.filter(counts);
          expect(counting.filter(({ primary }) => primary)).toHaveLength(Math.min(1, counting.length));
        }
        await hooked.end();
        // A run makes many databases; each would keep its connections until the test ends.
        await db.close();
      }),
      // What is done at once does not happen in the same order again, so that there is nothing to shrink.
      { numRuns: Math.ceil(4 * Math.sqrt(scale)), endOnFailure: true },
    );
  });
});
