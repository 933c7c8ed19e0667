export {
  optionDefinition,
  optionPatch,
  productCreation,
  productDefinition,
  productPatch,
  productReplacement,
} from './definition.ts';
export { slotEdit } from './schedule.ts';
export { connectionCreation, supplierCreation, supplierPatch } from './supplier.ts';
