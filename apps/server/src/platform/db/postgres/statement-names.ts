import { createHash } from 'node:crypto';

/** Each connection keeps what was prepared under a name until it closes, so there is an end to them. */
const maxNames = 400;
const maxSeen = 2000;

/** Which statements are prepared under a name: those used a second time. Of too many the one that was not used for longest makes way. */
export class StatementNames {
  readonly #names = new Map<string, string>();
  readonly #seen = new Set<string>();
  #generation = 0;

  /** The name of a statement, or undefined if it is to be parsed at each use. */
  of(sql: string): string | undefined {
    const name = this.#names.get(sql);
    if (name !== undefined) {
      // The first of the map is the one that rested longest.
      this.#names.delete(sql);
      this.#names.set(sql, name);
      return name;
    }
    if (!this.#seen.has(sql)) {
      if (this.#seen.size >= maxSeen) this.#seen.clear();
      this.#seen.add(sql);
      return undefined;
    }
    this.#seen.delete(sql);
    // From the text, so that behind a pooler that shares connections one name is one statement on every node.
    const made = `carillon_${createHash('sha256').update(`${this.#generation} ${sql}`).digest('hex').slice(0, 32)}`;
    const [oldest] = this.#names.keys();
    if (oldest !== undefined && this.#names.size >= maxNames) this.#names.delete(oldest);
    this.#names.set(sql, made);
    return made;
  }

  /** What was prepared does not hold any more: every statement gets another name, and is prepared again. */
  renew(): void {
    this.#generation++;
    this.#names.clear();
  }
}
