export { hashKey, randomKey } from './keys.ts';
export type { Sealing } from './sealing.ts';
export { createSealing, minSecretLength } from './sealing.ts';
