export type { Change, Held, Listener, RecordedEvent, Subject } from './change.ts';
export { createHorizon, type Horizon } from './horizon.ts';
export { eventsInOrder, lastInOrder, type OrderedEvent } from './order-store.ts';
export type { Reading } from './reading.ts';
export { type Changes, createChanges } from './recorder.ts';
