export type { Log, LogFields, LogLevel } from './log.ts';
export { createLog } from './log.ts';
