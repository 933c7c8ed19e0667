import type { RateLimit } from '../subscriptions/webhook.ts';

/** How much may be sent: so many at a time, ms. */
export interface Pace {
  readonly tokens: number;
  readonly filledAt: number;
}

/** The pace at `now`: it fills with the rate, up to the burst. */
export function paceAt(pace: Pace, { perSecond, burst }: RateLimit, now: number): Pace {
  const elapsed = Math.max(0, now - pace.filledAt);
  return {
    tokens: Math.min(burst, pace.tokens + (elapsed * perSecond) / 1000),
    filledAt: Math.max(now, pace.filledAt),
  };
}

/** How long until one more may be sent, ms. */
export function waitForOne(pace: Pace, { perSecond }: RateLimit): number {
  return pace.tokens >= 1 ? 0 : Math.ceil(((1 - pace.tokens) * 1000) / perSecond);
}
