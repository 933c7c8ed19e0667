import { nextTick } from 'node:process';

/** Runs `then` once everything that is ready to run has run: what is said in one tick goes to a database thread in one message. */
export function atEndOfTick(then: () => void): void {
  // A tick that is asked for in a microtask comes when the queue of microtasks is empty.
  queueMicrotask(() => nextTick(then));
}
