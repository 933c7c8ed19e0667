export type { NewId } from './ids.ts';
export { createIds } from './ids.ts';
