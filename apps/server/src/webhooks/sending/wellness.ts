import { type Health, healthAfter, healthy, type Tried } from './health.ts';

/** How it goes with webhooks, as far as one process knows: what the database says, and its own failures that are not stored yet. */
export class Wellness {
  /** Of those that are not healthy. */
  readonly #unwell = new Map<string, Health>();
  /** How many failures of a webhook are not stored yet: until they are, what is stored of its health is old. */
  readonly #unstored = new Map<string, number>();
  /** How many outcomes were stored so far, and at which of them that of a webhook was. */
  #moment = 0;
  readonly #storedAt = new Map<string, number>();

  /** Now, for what is read from here on. */
  get moment(): number {
    return this.#moment;
  }

  /** Whether nothing is known to have failed since the last success. */
  isHealthy(webhookId: string): boolean {
    return !this.#unwell.has(webhookId);
  }

  /** Whether nothing but probes is sent to it. */
  rests(webhookId: string): boolean {
    return (this.#unwell.get(webhookId)?.restingUntil ?? null) !== null;
  }

  /** Counts a failure at once, not when it is stored: a receiver that refuses quickly would get hundreds meanwhile. */
  failed(webhookId: string, tried: Tried): void {
    this.#unstored.set(webhookId, (this.#unstored.get(webhookId) ?? 0) + 1);
    this.#set(webhookId, healthAfter(this.#unwell.get(webhookId) ?? healthy, tried));
  }

  /** A failure of a webhook was stored. */
  stored(webhookId: string): void {
    this.#storedAt.set(webhookId, ++this.#moment);
    const left = (this.#unstored.get(webhookId) ?? 0) - 1;
    if (left > 0) this.#unstored.set(webhookId, left);
    else this.#unstored.delete(webhookId);
  }

  /** Takes note of what was stored of a webhook's health at a moment; what has been stored since is newer. */
  learn(webhookId: string, health: Health, asOf: number): void {
    const isOld = (this.#storedAt.get(webhookId) ?? 0) > asOf;
    if (!isOld && !this.#unstored.has(webhookId)) this.#set(webhookId, health);
  }

  #set(webhookId: string, health: Health): void {
    if (health.failingSince !== null) {
      this.#unwell.set(webhookId, health);
      return;
    }
    this.#unwell.delete(webhookId);
    this.#storedAt.delete(webhookId);
  }
}
