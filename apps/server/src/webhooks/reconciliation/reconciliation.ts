import type { Db } from '../../platform/db/index.ts';
import { type Fault, nothing, type Place, plus, type Range, type Stretch, type Tally } from './account.ts';
import { faultyDeliveries, lostDeliveries, stillFaulty } from './fault-store.ts';
import {
  countEvents,
  type KnownWebhook,
  knownWebhooks,
  stretchEnd,
  tallies,
  type Undelivered,
  undelivered,
} from './store.ts';

/** What was owed to one webhook, and what became of it. */
export interface WebhookAccount extends Tally {
  readonly webhookId: string;
  /** Null: there is no such webhook any more. */
  readonly url: string | null;
  readonly state: KnownWebhook['state'] | null;
}

/** Whether everything was delivered that became owed in a time range, and if not, what became of it. */
export interface Report extends Tally {
  readonly from: number;
  readonly to: number;
  /** Recorded in the range, whether or not anybody listens to them. */
  readonly events: number;
  readonly webhooks: readonly WebhookAccount[];
  /** Deliveries that nothing accounts for: they will neither arrive nor end, or did in no way that can be told. */
  readonly unaccounted: number;
  /** Of these, those that were found first. */
  readonly faults: readonly Fault[];
}

/** A page of what has not arrived. */
export interface UndeliveredPage {
  readonly undelivered: readonly Undelivered[];
  /** Where the list goes on; null: this is its end. */
  readonly next: Place | null;
}

/** Proves from the tables themselves what became of everything that was owed. */
export interface Reconciliation {
  report(range: Range): Promise<Report>;
  /** What became owed in a range and has not arrived, in that order, after a place. */
  undelivered(range: Range, after: Place | null, limit: number): Promise<UndeliveredPage>;
}

/** Faults that a report names. */
const mostFaults = 1000;
/** Rows that one statement looks through, so that a long range holds up no other reader and takes no memory. */
const usualStretch = 20_000;

/** After everything before `to`: no id is empty. */
const atEnd = (to: number): Place => ({ at: to, id: '' });

/** See `Reconciliation`. `stretch`: rows that one statement looks through. */
export function createReconciliation(deps: { readonly db: Db; readonly stretch?: number }): Reconciliation {
  const { reader } = deps.db;
  const size = deps.stretch ?? usualStretch;

  /** A range in stretches. */
  async function* stretches(of: 'deliveries' | 'events', range: Range, from: Place): AsyncGenerator<Stretch> {
    const { supplierId, to } = range;
    let after = from;
    for (;;) {
      const end = await stretchEnd(reader, { of, supplierId, after, to, size });
      yield { supplierId, after, until: end ?? atEnd(to) };
      if (end === undefined) return;
      after = end;
    }
  }

  const beginning = ({ from }: Range): Place => ({ at: from, id: '' });

  async function accountsOf(byWebhook: ReadonlyMap<string, Tally>): Promise<WebhookAccount[]> {
    if (byWebhook.size === 0) return [];
    const known = new Map((await knownWebhooks(reader, [...byWebhook.keys()])).map((each) => [each.id, each]));
    return [...byWebhook]
      .map(([webhookId, tally]) => {
        const { url = null, state = null } = known.get(webhookId) ?? {};
        return { webhookId, url, state, ...tally };
      })
      .sort((a, b) => (a.webhookId < b.webhookId ? -1 : 1));
  }

  /** What was found faulty and is so still, with everything that was lost. */
  async function settled(found: readonly Fault[]): Promise<Fault[]> {
    const ids = found.flatMap(({ deliveryId }) => deliveryId ?? []);
    const still = ids.length === 0 ? [] : await stillFaulty(reader, ids);
    const byId = new Map(still.map((fault) => [fault.deliveryId, fault]));
    return found.flatMap((fault) => (fault.deliveryId === null ? fault : (byId.get(fault.deliveryId) ?? [])));
  }

  return {
    async report(range) {
      const { supplierId, from, to } = range;
      const byWebhook = new Map<string, Tally>();
      const found: Fault[] = [];
      let unaccounted = 0;
      const add = ({ faults, count }: { readonly faults: readonly Fault[]; readonly count: number }): void => {
        unaccounted += count;
        found.push(...faults.slice(0, mostFaults - found.length));
      };
      for await (const stretch of stretches('deliveries', range, beginning(range))) {
        for (const { webhookId, ...tally } of await tallies(reader, stretch)) {
          byWebhook.set(webhookId, plus(byWebhook.get(webhookId) ?? nothing, tally));
        }
        add(await faultyDeliveries(reader, stretch, mostFaults));
      }
      for await (const stretch of stretches('events', range, beginning(range))) {
        add(await lostDeliveries(reader, stretch, mostFaults));
      }
      const faults = await settled(found);
      return {
        from,
        to,
        events: await countEvents(reader, supplierId, from, to),
        ...[...byWebhook.values()].reduce(plus, nothing),
        webhooks: await accountsOf(byWebhook),
        unaccounted: unaccounted - (found.length - faults.length),
        faults,
      };
    },

    async undelivered(range, after, limit) {
      const page: Undelivered[] = [];
      for await (const stretch of stretches('deliveries', range, after ?? beginning(range))) {
        page.push(...(await undelivered(reader, stretch, limit + 1 - page.length)));
        if (page.length > limit) break;
      }
      const shown = page.slice(0, limit);
      const last = shown.at(-1);
      const next = page.length > limit && last !== undefined ? { at: last.createdAt, id: last.id } : null;
      return { undelivered: shown, next };
    },
  };
}
