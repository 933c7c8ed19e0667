/** Calls that may wait at once, of a connection and in all: those beyond are answered with what there is. */
const mostOfConnection = 8;
const mostInAll = 1_000;

/** Carries out a call of a connection; `mayWait`: there are not too many of them under way. */
export type HoldCall = <T>(connectionId: string, call: (mayWait: boolean) => Promise<T>) => Promise<T>;

/** Counts the calls that are under way in this process. */
export function createHolding(): HoldCall {
  const held = new Map<string, number>();
  let all = 0;
  return async (connectionId, call) => {
    const own = held.get(connectionId) ?? 0;
    const mayWait = own < mostOfConnection && all < mostInAll;
    held.set(connectionId, own + 1);
    all++;
    try {
      return await call(mayWait);
    } finally {
      all--;
      const left = (held.get(connectionId) ?? 1) - 1;
      if (left === 0) held.delete(connectionId);
      else held.set(connectionId, left);
    }
  };
}
