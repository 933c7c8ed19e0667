export { checkSecret } from './check.ts';
export { hashKey, randomKey } from './keys.ts';
export { SecretRefused } from './refused.ts';
export { resealingWork } from './resealing.ts';
export type { SealedColumn } from './sealed-column.ts';
export type { Sealing } from './sealing.ts';
export { createSealing, minSecretLength } from './sealing.ts';
export { secretFile } from './secret-file.ts';
