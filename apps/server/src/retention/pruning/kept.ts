/** For how many days what is kept: 0 is for ever. Nothing that has not ended is ever pruned. */
export interface KeptDays {
  /** What webhooks were sent, of deliveries that have ended. */
  readonly bodies: number;
  /** Attempts, of deliveries that have ended. */
  readonly attempts: number;
  /** Deliveries that have ended, with what is left of them. */
  readonly deliveries: number;
  /** Events without deliveries, but for what their subjects are now and were last. */
  readonly events: number;
}

const dayMs = 86_400_000;

/** The time before which so many days have passed, ms UTC; null: never. */
export function pastOf(days: number, now: number): number | null {
  return days === 0 ? null : now - days * dayMs;
}

/** An id (UUIDv7) that sorts after those made before a time, ms UTC, and before those made later. */
export function idAt(time: number): string {
  const hex = Math.max(0, Math.trunc(time)).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}
