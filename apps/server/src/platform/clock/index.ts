export type { Clock } from './clock.ts';
export { systemClock } from './clock.ts';
export { TimeLimitPassed, within } from './limit.ts';
