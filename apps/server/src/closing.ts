import { TimeLimitPassed, within } from './platform/clock/index.ts';
import type { Log } from './platform/log/index.ts';

/** A step that keeps to its limit is a little late by the time that it says so, ms. */
const graceMs = 100;

interface Step {
  readonly name: string;
  readonly share: number;
  readonly close: (limitMs: number) => Promise<unknown>;
}

/** What a process has opened, to be closed again: the last first, all within one limit. */
export class Closing {
  readonly #log: Pick<Log, 'warn' | 'error'>;
  readonly #steps: Step[] = [];

  constructor(log: Pick<Log, 'warn' | 'error'>) {
    this.#log = log;
  }

  /** Adds a step, which is told how long it may take, ms: at most its `share` (up to 1) of the time that is left when its turn comes. */
  add(name: string, share: number, close: (limitMs: number) => Promise<unknown>): void {
    this.#steps.push({ name, share, close });
  }

  /** Closes what was opened, and tells whether all of it closed. A step that fails or is late is logged and holds up no other. */
  async close(limitMs: number): Promise<boolean> {
    const until = performance.now() + limitMs;
    let whole = true;
    for (const { name, share, close } of this.#steps.splice(0).reverse()) {
      const stepMs = Math.max(0, until - performance.now()) * share;
      try {
        await within(stepMs + graceMs, close(stepMs));
      } catch (err) {
        whole = false;
        if (err instanceof TimeLimitPassed)
          this.#log.warn({ code: 'server.still_closing', step: name, limitMs: stepMs }, 'not waited for');
        else this.#log.error({ code: 'server.close_failed', step: name, err }, 'it could not be closed');
      }
    }
    return whole;
  }
}
