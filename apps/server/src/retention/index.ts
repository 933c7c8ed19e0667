export { createErasures, type Erasure, type Erasures } from './erasure/erasures.ts';
export { erasureWork } from './erasure/work.ts';
export type { KeptDays } from './pruning/kept.ts';
export { pruningWork } from './pruning/work.ts';
