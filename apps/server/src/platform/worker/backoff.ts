const firstMs = 100;
const longestMs = 30_000;

/** How long to rest after so many failures in a row (1 or more), in milliseconds: 100, doubling up to 30,000. */
export function backoffMs(failures: number): number {
  return Math.min(firstMs * 2 ** (failures - 1), longestMs);
}
