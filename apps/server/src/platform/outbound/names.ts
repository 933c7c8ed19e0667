import type { LookupAddress } from 'node:dns';

/** Answers with every address of a host name, as `dns.lookup` does with `all`. */
export type Lookup = (
  hostname: string,
  answer: (error: NodeJS.ErrnoException | null, addresses: readonly LookupAddress[]) => void,
) => void;

interface Entry {
  addresses: readonly LookupAddress[] | undefined;
  lookedUpAt: number;
  waiting: Parameters<Lookup>[1][] | undefined;
}

const freshMs = 30_000;
const staleMs = 600_000;
const maxNames = 10_000;

/**
 * Host names with their addresses, remembered for 30 s and, while they are looked up again, for up to ten minutes.
 * The system's resolver blocks threads that all requests share, so a name is looked up once for all who ask, and a
 * receiver whose name servers are slow holds back only those who have no answer yet.
 */
export class Names {
  private readonly entries = new Map<string, Entry>();
  private readonly lookup: Lookup;
  private readonly monotonic: () => number;

  constructor(lookup: Lookup, monotonic: () => number = () => performance.now()) {
    this.lookup = lookup;
    this.monotonic = monotonic;
  }

  /** Answers at once from memory, or after a lookup; always asynchronously. */
  resolve(hostname: string, answer: Parameters<Lookup>[1]): void {
    const entry = this.entries.get(hostname);
    const age = entry === undefined ? 0 : this.monotonic() - entry.lookedUpAt;
    if (entry?.addresses !== undefined && age < staleMs) {
      const { addresses } = entry;
      queueMicrotask(() => answer(null, addresses));
      if (age >= freshMs && entry.waiting === undefined) this.ask(hostname, entry);
    } else if (entry?.waiting !== undefined) {
      entry.waiting.push(answer);
    } else {
      this.ask(hostname, this.open(hostname), answer);
    }
  }

  /** Forgets the addresses of a name, because connecting to them failed. */
  forget(hostname: string): void {
    const entry = this.entries.get(hostname);
    if (entry?.waiting === undefined) this.entries.delete(hostname);
    else entry.addresses = undefined;
  }

  private open(hostname: string): Entry {
    const entry: Entry = { addresses: undefined, lookedUpAt: 0, waiting: undefined };
    for (const [oldest, { waiting }] of this.entries) {
      if (this.entries.size < maxNames) break;
      if (waiting === undefined) this.entries.delete(oldest);
    }
    this.entries.set(hostname, entry);
    return entry;
  }

  private ask(hostname: string, entry: Entry, ...waiting: Parameters<Lookup>[1][]): void {
    entry.waiting = waiting;
    this.lookup(hostname, (failure, addresses) => {
      const error = failure === null && addresses.length === 0 ? noAddress() : failure;
      entry.addresses = error === null ? addresses : undefined;
      entry.lookedUpAt = this.monotonic();
      entry.waiting = undefined;
      if (error !== null) this.entries.delete(hostname);
      for (const answer of waiting) answer(error, addresses);
    });
  }
}

function noAddress(): NodeJS.ErrnoException {
  return Object.assign(new Error('the name has no address'), { code: 'ENOTFOUND' });
}
