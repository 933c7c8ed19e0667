/** Something took longer than it may. */
export class TimeLimitPassed extends Error {
  override readonly name = 'TimeLimitPassed';
}

/** The outcome of `work`, if it comes within the limit, ms; rejects with `TimeLimitPassed` otherwise, and leaves the work to itself. */
export async function within<T>(limitMs: number, work: Promise<T>): Promise<T> {
  const { promise: passed, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new TimeLimitPassed(`it took longer than ${Math.round(limitMs)} ms`)), limitMs);
  try {
    return await Promise.race([work, passed]);
  } finally {
    clearTimeout(timer);
  }
}
