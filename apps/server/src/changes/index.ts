export type { Change, Held, Listener, RecordedEvent, Subject } from './change.ts';
export { type Changes, createChanges } from './recorder.ts';
export { currentDocument, eventsById } from './store.ts';
