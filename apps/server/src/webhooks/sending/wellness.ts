import { type Health, healthAfter, healthy, type Tried } from './health.ts';

/** How it goes with webhooks, as far as one process knows: what the database says, and its own failures that are not stored yet. */
export class Wellness {
  /** Of those that are not healthy. */
  readonly #unwell = new Map<string, Health>();
  /** How many failures of a webhook are not stored yet: until they are, what is stored of its health is old. */
  readonly #unstored = new Map<string, number>();

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
    const left = (this.#unstored.get(webhookId) ?? 0) - 1;
    if (left > 0) this.#unstored.set(webhookId, left);
    else this.#unstored.delete(webhookId);
  }

  /** Takes note of what is stored of a webhook's health. */
  learn(webhookId: string, health: Health): void {
    if (!this.#unstored.has(webhookId)) this.#set(webhookId, health);
  }

  #set(webhookId: string, health: Health): void {
    if (health.failingSince === null) this.#unwell.delete(webhookId);
    else this.#unwell.set(webhookId, health);
  }
}
