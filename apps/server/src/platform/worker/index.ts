export type { Found, Worker, WorkerInput } from './worker.ts';
export { createWorker } from './worker.ts';
