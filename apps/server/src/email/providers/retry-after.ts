/** The longest that a provider may ask us to wait, ms; what it asks beyond is its fault. */
const longest = 8 * 3_600_000;

/** What a `Retry-After` header asks for (RFC 9110, 10.2.3: seconds or a date), ms from `now` (ms UTC); undefined where it asks for nothing. */
export function retryAfterOf(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  const text = header.trim();
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), longest);
}
