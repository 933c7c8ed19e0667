import type { LookupAddress } from 'node:dns';
import { Turns } from './turns.ts';

/** Answers with every address of a host name, as `dns.lookup` does with `all`. */
export type Lookup = (
  hostname: string,
  answer: (error: NodeJS.ErrnoException | null, addresses: readonly LookupAddress[]) => void,
) => void;

type Answer = Parameters<Lookup>[1];

interface Entry {
  addresses: readonly LookupAddress[] | undefined;
  /** What the last lookup failed with. */
  failure: NodeJS.ErrnoException | undefined;
  lookedUpAt: number;
  waiting: Answer[] | undefined;
  /** It has had addresses. */
  isKnown: boolean;
}

const freshMs = 30_000;
const staleMs = 600_000;
/** How long a name that could not be looked up is not asked for again. */
const failedMs = 5_000;
const maxNames = 10_000;
/**
 * Lookups at once of names that were never looked up, and of those whose last lookup failed: silent name servers keep a thread for half a
 * minute, and the server has 16 for all. Of one site, by the last two labels of a name, fewer: a wildcard makes any number of names.
 */
const firstLookups = { atOnce: 8, ofSite: 2 } as const;
const doubtfulLookups = { atOnce: 2, ofSite: 1 } as const;

/**
 * Host names with their addresses, remembered for 30 s and, while they are looked up again, for up to ten minutes.
 * The system's resolver blocks threads that all requests share, so a name is looked up once for all who ask, a failure
 * stands for 5 s, and names that are new or failed before take turns: receivers whose name servers are slow hold back only those who
 * have no answer yet, site by site.
 */
export class Names {
  private readonly entries = new Map<string, Entry>();
  private readonly lookup: Lookup;
  private readonly monotonic: () => number;
  private readonly first = new Turns(firstLookups);
  private readonly doubtful = new Turns(doubtfulLookups);

  constructor(lookup: Lookup, monotonic: () => number = () => performance.now()) {
    this.lookup = lookup;
    this.monotonic = monotonic;
  }

  /** Answers at once from memory, or after a lookup; always asynchronously. */
  resolve(hostname: string, answer: Answer): void {
    const entry = this.entries.get(hostname);
    const age = entry === undefined ? 0 : this.monotonic() - entry.lookedUpAt;
    if (entry?.addresses !== undefined && age < staleMs) {
      const { addresses } = entry;
      queueMicrotask(() => answer(null, addresses));
      if (age >= freshMs && entry.waiting === undefined) this.ask(hostname, entry, []);
    } else if (entry?.waiting !== undefined) {
      entry.waiting.push(answer);
    } else if (entry?.failure !== undefined && age < failedMs) {
      const { failure } = entry;
      queueMicrotask(() => answer(failure, []));
    } else {
      this.ask(hostname, entry ?? this.open(hostname), [answer]);
    }
  }

  /** Forgets the addresses of a name, because connecting to them failed. */
  forget(hostname: string): void {
    const entry = this.entries.get(hostname);
    // A failed lookup is also a failure to connect, and is remembered; so is that it was known.
    if (entry !== undefined) entry.addresses = undefined;
  }

  private open(hostname: string): Entry {
    const entry: Entry = {
      addresses: undefined,
      failure: undefined,
      lookedUpAt: 0,
      waiting: undefined,
      isKnown: false,
    };
    for (const [oldest, { waiting }] of this.entries) {
      if (this.entries.size < maxNames) break;
      if (waiting === undefined) this.entries.delete(oldest);
    }
    this.entries.set(hostname, entry);
    return entry;
  }

  private ask(hostname: string, entry: Entry, waiting: Answer[]): void {
    entry.waiting = waiting;
    const look = (ended?: () => void): void => this.look(hostname, entry, waiting, ended);
    if (entry.failure !== undefined) this.doubtful.take(siteOf(hostname), look);
    // One that had an answer is likely to get another one.
    else if (entry.isKnown) look();
    else this.first.take(siteOf(hostname), look);
  }

  private look(hostname: string, entry: Entry, waiting: readonly Answer[], ended?: () => void): void {
    this.lookup(hostname, (failure, addresses) => {
      const error = failure === null && addresses.length === 0 ? noAddress() : failure;
      entry.addresses = error === null ? addresses : undefined;
      entry.failure = error ?? undefined;
      if (error === null) entry.isKnown = true;
      entry.lookedUpAt = this.monotonic();
      entry.waiting = undefined;
      ended?.();
      for (const answer of waiting) answer(error, addresses);
    });
  }
}

const siteOf = (hostname: string): string => hostname.toLowerCase().split('.').slice(-2).join('.');

function noAddress(): NodeJS.ErrnoException {
  return Object.assign(new Error('the name has no address'), { code: 'ENOTFOUND' });
}
