interface Line<T> {
  running: number;
  /** How much of it may be under way. */
  most: number;
  readonly waiting: T[];
  /** Index of the first that still waits: shifting an array for each would be quadratic. */
  next: number;
  /** Work is being started: what ends meanwhile makes room in the same loop, not in one inside it. */
  starting: boolean;
}

/** Work waiting in one line per key, a limited number of each line under way: one slow line delays no other. */
export class Lines<T> {
  readonly #lines = new Map<string, Line<T>>();
  readonly #run: (work: T) => void;
  #running = 0;

  constructor(run: (work: T) => void) {
    this.#run = run;
  }

  /** How much is under way in all lines. */
  get running(): number {
    return this.#running;
  }

  /** How much of a line waits or is under way. */
  length(key: string): number {
    const line = this.#lines.get(key);
    return line === undefined ? 0 : line.running + line.waiting.length - line.next;
  }

  /** Runs it at once if its line allows, later otherwise. `most` of the line may be under way, from now on. */
  add(key: string, work: T, most: number): void {
    const line = this.#lines.get(key) ?? { running: 0, most, waiting: [], next: 0, starting: false };
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
    this.#pump(line);
    if (line.running === 0 && line.next === line.waiting.length && !line.starting) this.#lines.delete(key);
  }

  /** Takes out of a line what waits in it. */
  empty(key: string): T[] {
    const line = this.#lines.get(key);
    return line === undefined ? [] : line.waiting.splice(line.next);
  }

  /** Empties the lines and gives what waited. */
  clear(): T[] {
    return [...this.#lines.values()].flatMap((line) => line.waiting.splice(line.next));
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
