import type { Db } from '../../platform/db/index.ts';
import type { Log } from '../../platform/log/index.ts';
import type { Outbound } from '../../platform/outbound/index.ts';
import type { Seal } from '../subscriptions/webhook.ts';
import type { Tracing } from '../tracing/tracing.ts';
import type { Finished } from './finished.ts';
import type { EngineLimits } from './limits.ts';

/** What the engine needs. `random` is in [0, 1); `onAttempt` is told of each attempt, for metrics. */
export interface EngineDeps {
  readonly db: Db;
  readonly outbound: Outbound;
  readonly seal: Seal;
  readonly log: Log;
  readonly now: () => number;
  readonly newId: () => string;
  readonly random: () => number;
  readonly userAgent: string;
  /** No other process works on the database: leases that are there at the start were held by one that is gone. */
  readonly alone: boolean;
  /** What differs from `engineLimits`. */
  readonly limits?: Partial<EngineLimits>;
  /** Undefined: traces are off. */
  readonly tracing?: Tracing | undefined;
  readonly onAttempt?: (finished: Finished) => void;
  /** Told how many deliveries were claimed, or settled, in one go. */
  readonly onBatch?: (kind: 'claim' | 'settle', size: number) => void;
}
