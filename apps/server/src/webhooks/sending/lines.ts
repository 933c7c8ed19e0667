interface Line<T> {
  running: number;
  /** How much of it may be under way. */
  most: number;
  readonly waiting: T[];
  /** Index of the first that still waits: shifting an array for each would be quadratic. */
  next: number;
  /** How much has ended since a moment (monotonic ms), and how much did in a second before that. */
  ended: number;
  since: number;
  rate: number;
  /** Work is being started: what ends meanwhile makes room in the same loop, not in one inside it. */
  starting: boolean;
}

/** How long is counted for a rate, ms. */
const countedMs = 250;

/** Work waiting in one line per key, a limited number of each line under way: one slow line delays no other. */
export class Lines<T> {
  readonly #lines = new Map<string, Line<T>>();
  readonly #run: (work: T) => void;
  readonly #monotonicNow: () => number;
  #running = 0;

  constructor(deps: { readonly run: (work: T) => void; readonly monotonicNow: () => number }) {
    this.#run = deps.run;
    this.#monotonicNow = deps.monotonicNow;
  }

  /** How much is under way in all lines. */
  get running(): number {
    return this.#running;
  }

  /** The lines that hold something. */
  keys(): string[] {
    return [...this.#lines.keys()];
  }

  /** How much of a line waits or is under way. */
  length(key: string): number {
    const line = this.#lines.get(key);
    return line === undefined ? 0 : line.running + line.waiting.length - line.next;
  }

  /**
   * How much of a line is through in half a second, as it goes now, and four times what may be under way at least: more in hand would
   * only keep others from it.
   */
  worthHaving(key: string, most: number): number {
    const line = this.#lines.get(key);
    return Math.max(4 * (line?.most ?? most), Math.ceil((line?.rate ?? 0) / 2));
  }

  /** Runs it at once if its line allows, later otherwise. `most` of the line may be under way, from now on. */
  add(key: string, work: T, most: number): void {
    const line = this.#lines.get(key) ?? {
      running: 0,
      most,
      waiting: [],
      next: 0,
      ended: 0,
      since: this.#monotonicNow(),
      rate: 0,
      starting: false,
    };
    line.most = most;
    this.#lines.set(key, line);
    line.waiting.push(work);
    this.#pump(line);
  }

  /** Tells that one of a line has ended. */
  done(key: string): void {
    const line = this.#lines.get(key);
    if (line === undefined) return;
    line.running--;
    this.#running--;
    this.#count(line);
    this.#pump(line);
    if (line.running === 0 && line.next === line.waiting.length && !line.starting) this.#lines.delete(key);
  }

  /** Takes out of a line what waits in it and is meant. */
  empty(key: string, meant: (work: T) => boolean = () => true): T[] {
    const line = this.#lines.get(key);
    if (line === undefined) return [];
    const waiting = line.waiting.splice(line.next);
    line.waiting.push(...waiting.filter((work) => !meant(work)));
    return waiting.filter(meant);
  }

  /** Empties the lines and gives what waited. */
  clear(): T[] {
    return [...this.#lines.values()].flatMap((line) => line.waiting.splice(line.next));
  }

  #count(line: Line<T>): void {
    line.ended++;
    const now = this.#monotonicNow();
    const elapsed = now - line.since;
    if (elapsed < countedMs) return;
    line.rate = (line.ended * 1000) / elapsed;
    line.ended = 0;
    line.since = now;
  }

  #pump(line: Line<T>): void {
    if (line.starting) return;
    line.starting = true;
    while (line.running < line.most && line.next < line.waiting.length) {
      const work = line.waiting[line.next++] as T;
      line.running++;
      this.#running++;
      this.#run(work);
    }
    line.starting = false;
    if (line.next > 64 && line.next * 2 > line.waiting.length) {
      line.waiting.splice(0, line.next);
      line.next = 0;
    }
  }
}
