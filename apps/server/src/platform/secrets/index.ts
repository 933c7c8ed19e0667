export { hashKey, randomKey, sameSecret } from './keys.ts';
export type { Sealing } from './sealing.ts';
export { CannotOpen, createSealing, minSecretLength } from './sealing.ts';
