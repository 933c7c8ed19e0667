import type { Sending } from './webhook.ts';

/** The columns of `webhooks` that say how deliveries are sent. */
export interface SendingRow {
  readonly ordering: Sending['ordering'];
  readonly hold_for_ms: number;
  readonly concurrency: number;
  readonly rate_per_second: number | null;
  readonly rate_burst: number | null;
  readonly retry_delays: string | null;
}

/** Their names, of the table `w`. */
export const sendingColumns =
  'w.ordering, w.hold_for_ms, w.concurrency, w.rate_per_second, w.rate_burst, w.retry_delays';

/** Those columns as the rest of the code knows them. */
export function sendingOf(row: SendingRow): Sending {
  const { rate_per_second: perSecond, rate_burst: burst, retry_delays: delays } = row;
  return {
    ordering: row.ordering,
    holdForMs: row.hold_for_ms,
    concurrency: row.concurrency,
    rateLimit: perSecond === null ? null : { perSecond, burst: burst ?? 1 },
    retryDelaysMs: delays === null ? null : (JSON.parse(delays) as number[]),
  };
}

/** The values of those columns, in their order. */
export function sendingValues({ ordering, holdForMs, concurrency, rateLimit, retryDelaysMs }: Sending) {
  return [
    ordering,
    holdForMs,
    concurrency,
    rateLimit?.perSecond ?? null,
    rateLimit?.burst ?? null,
    retryDelaysMs === null ? null : JSON.stringify(retryDelaysMs),
  ];
}
