/**
 * Has lookups take turns: so many at once, of one site so many, and those that wait by site, so that one with many names holds back itself.
 * Whoever begins is given what ends its turn, to be called once.
 */
export class Turns {
  private readonly waiting = new Map<string, ((end: () => void) => void)[]>();
  private readonly busy = new Map<string, number>();
  private running = 0;
  private readonly limits: { readonly atOnce: number; readonly ofSite: number };

  constructor(limits: { readonly atOnce: number; readonly ofSite: number }) {
    this.limits = limits;
  }

  /** Begins at once where there is room, or else later. */
  take(site: string, begin: (end: () => void) => void): void {
    const before = this.waiting.get(site);
    if (before === undefined) this.waiting.set(site, [begin]);
    else before.push(begin);
    this.next();
  }

  private next(): void {
    while (this.running < this.limits.atOnce) {
      const site = this.siteNext();
      if (site === undefined) return;
      const [begin, ...others] = this.waiting.get(site) ?? [];
      // The site goes behind the others.
      this.waiting.delete(site);
      if (others.length > 0) this.waiting.set(site, others);
      if (begin !== undefined) this.begin(site, begin);
    }
  }

  private begin(site: string, begin: (end: () => void) => void): void {
    this.running += 1;
    this.busy.set(site, (this.busy.get(site) ?? 0) + 1);
    begin(() => {
      this.running -= 1;
      const left = (this.busy.get(site) ?? 0) - 1;
      if (left > 0) this.busy.set(site, left);
      else this.busy.delete(site);
      this.next();
    });
  }

  /** The first site that waits and has a turn: few are looked at, because no more are busy than lookups run at once. */
  private siteNext(): string | undefined {
    for (const site of this.waiting.keys()) if ((this.busy.get(site) ?? 0) < this.limits.ofSite) return site;
    return undefined;
  }
}
