import type { Db } from '../../platform/db/index.ts';
import type { Sealing } from '../../platform/secrets/index.ts';
import { addressHash } from '../address-hash.ts';
import { type OpeningDeps, openedSettings, vendorDepsOf } from '../providers/open.ts';
import { askPostmark } from '../providers/postmark-client.ts';
import { providersOfKind, type StoredProvider } from '../providers/store.ts';
import {
  dropLifted,
  suppress,
  suppressAgain,
  suppressedHashes,
  suppressionTold,
  type Untold,
  untold,
} from './store.ts';
import type { SuppressionReason, SuppressionScope } from './suppression.ts';

/** What keeping lists alike takes. `failed` is told of a supplier whose providers could not be asked; `now` gives ms UTC. */
export interface SyncDeps {
  readonly db: Db;
  readonly seal: Pick<Sealing, 'open'>;
  readonly opening: OpeningDeps;
  readonly now: () => number;
  readonly newId: () => string;
  readonly failed: (supplierId: string, error: unknown) => void;
}

/** Every list is read this often, ms; in between, only suppliers with something to tell are looked at. */
const wholeEveryMs = 3_600_000;
/** Addresses a call (Postmark), and suppressions a run. */
const atOnce = 50;
const mostUntold = 500;

/** One run of the work that keeps suppressions and Postmark's lists alike, both ways. */
export function suppressionSync(deps: SyncDeps): () => Promise<'idle'> {
  const { db, now } = deps;
  let wholeAt = Number.NEGATIVE_INFINITY;
  return async () => {
    const whole = now() - wholeAt >= wholeEveryMs;
    const stored = await providersOfKind(db.reader, 'postmark');
    for (const [supplierId, servers] of Map.groupBy(stored, (one) => one.supplierId)) {
      const pending = await untold(db, supplierId, mostUntold);
      if (!whole && pending.length === 0) continue;
      try {
        await syncSupplier(supplierId, servers, pending, deps);
      } catch (error) {
        deps.failed(supplierId, error);
      }
    }
    if (whole) wholeAt = now();
    return 'idle';
  };
}

async function syncSupplier(
  supplierId: string,
  servers: readonly StoredProvider[],
  pending: readonly Untold[],
  deps: SyncDeps,
): Promise<void> {
  const { db } = deps;
  const kept = new Set<string>();
  for (const server of servers) {
    const { streams } = openedSettings(server, 'postmark', deps.seal);
    const both = [
      [streams.transactional, 'all'],
      [streams.broadcast, 'marketing'],
    ] as const;
    for (const [stream, scope] of both) {
      for (const id of await syncStream({ supplierId, server, stream, scope, pending }, deps)) kept.add(id);
    }
  }
  for (const one of pending) {
    if (one.liftedAt === null) await suppressionTold(db, one);
    else if (kept.has(one.id)) await suppressAgain(db, { ...one, source: 'postmark' });
    else await dropLifted(db, one);
  }
}

interface Stream {
  readonly supplierId: string;
  readonly server: StoredProvider;
  readonly stream: string;
  /** What a suppression of this stream is about. */
  readonly scope: SuppressionScope;
  readonly pending: readonly Untold[];
}

/** Keeps the list of one message stream alike; answers with the suppressions that Postmark would not lift. */
async function syncStream({ supplierId, server, stream, scope, pending }: Stream, deps: SyncDeps): Promise<string[]> {
  const { db, seal, opening, now, newId } = deps;
  const { serverToken } = openedSettings(server, 'postmark', seal);
  const ask = <T>(call: Parameters<typeof askPostmark<T>>[2]) =>
    askPostmark(serverToken, vendorDepsOf(server, opening), call);

  const { Suppressions: theirs } = await ask((client) => client.getSuppressions(stream));
  const listed = new Map(theirs.map(({ EmailAddress }) => [addressHash(EmailAddress), EmailAddress]));

  // What was lifted here is lifted there, before what is there is taken over.
  const lifted = new Map(pending.filter(({ liftedAt }) => liftedAt !== null).map((one) => [one.addressHash, one.id]));
  const away = [...listed].filter(([hash]) => lifted.has(hash));
  const kept: string[] = [];
  for (const portion of portionsOf(away)) {
    const Suppressions = portion.map(([, EmailAddress]) => ({ EmailAddress }));
    const done = await ask((client) => client.deleteSuppressions(stream, { Suppressions }));
    const refused = done.Suppressions.filter(({ Status }) => Status !== 'Deleted');
    kept.push(...refused.flatMap(({ EmailAddress }) => lifted.get(addressHash(EmailAddress)) ?? []));
  }

  const ours = await suppressedHashes(db.reader, supplierId);
  const covered = new Set(
    ours.filter((one) => one.scope === 'all' || scope === 'marketing').map((one) => one.addressHash),
  );
  for (const { EmailAddress, SuppressionReason, Origin } of theirs) {
    const hash = addressHash(EmailAddress);
    if (covered.has(hash)) continue;
    const of = reasonOf(SuppressionReason, Origin, scope);
    const one = { id: newId(), supplierId, addressHash: hash, source: 'postmark', address: null, createdAt: now() };
    await suppress(db, { ...one, ...of });
  }

  const tell = pending.flatMap(({ address, liftedAt, scope: about }) => {
    if (address === null || liftedAt !== null || (about === 'marketing' && scope === 'all')) return [];
    const EmailAddress = seal.open(address);
    return listed.has(addressHash(EmailAddress)) ? [] : [{ EmailAddress }];
  });
  for (const Suppressions of portionsOf(tell)) {
    await ask((client) => client.createSuppressions(stream, { Suppressions }));
  }
  return kept;
}

/** What an entry of Postmark's list means here. A bounce or a complaint in one stream is one in all. */
function reasonOf(
  reason: string,
  origin: string,
  scope: SuppressionScope,
): { readonly scope: SuppressionScope; readonly reason: SuppressionReason } {
  if (reason === 'HardBounce') return { scope: 'all', reason: 'bounce' };
  if (reason === 'SpamComplaint') return { scope: 'all', reason: 'complaint' };
  return { scope, reason: origin === 'Recipient' ? 'unsubscribe' : 'manual' };
}

function portionsOf<T>(list: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(list.length / atOnce) }, (_, index) =>
    list.slice(index * atOnce, (index + 1) * atOnce),
  );
}
