export type { Change, Held, Listener, RecordedEvent, Subject } from './change.ts';
export type { Reading } from './reading.ts';
export { type Changes, createChanges } from './recorder.ts';
