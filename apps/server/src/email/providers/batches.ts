/** How much goes together, and how long the first waits for others, ms. */
export interface BatchLimits {
  readonly most: number;
  readonly mostBytes: number;
  readonly lingerMs: number;
}

interface Waiting<T, R> {
  readonly item: T;
  readonly bytes: number;
  readonly answer: (result: R) => void;
  readonly fail: (error: unknown) => void;
}

/**
 * Lets calls that come at once go together: each gets its own result. A batch leaves when it is full or its first item has waited;
 * one that is under way holds up no other. `together` gives one result for each item, in their order.
 */
export function createBatches<T, R>(
  limits: BatchLimits,
  together: (items: readonly T[]) => Promise<readonly R[]>,
): (item: T, bytes: number) => Promise<R> {
  let waiting: Waiting<T, R>[] = [];
  let bytes = 0;
  let timer: NodeJS.Timeout | undefined;

  function leave(): void {
    clearTimeout(timer);
    const batch = waiting;
    waiting = [];
    bytes = 0;
    if (batch.length > 0) void send(batch);
  }

  async function send(batch: readonly Waiting<T, R>[]): Promise<void> {
    try {
      const results = await together(batch.map(({ item }) => item));
      if (results.length !== batch.length) throw new Error(`${results.length} results for ${batch.length} items.`);
      for (const [index, { answer }] of batch.entries()) answer(results[index] as R);
    } catch (error) {
      for (const { fail } of batch) fail(error);
    }
  }

  return (item, size) =>
    new Promise<R>((answer, fail) => {
      if (bytes + size > limits.mostBytes) leave();
      waiting.push({ item, bytes: size, answer, fail });
      bytes += size;
      if (waiting.length >= limits.most) leave();
      else if (waiting.length === 1) timer = setTimeout(leave, limits.lingerMs);
    });
}
