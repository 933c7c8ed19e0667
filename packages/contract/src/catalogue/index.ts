export {
  optionDefinition,
  optionPatch,
  productCreation,
  productDefinition,
  productPatch,
  productReplacement,
} from './definition.ts';
export { slotEdit } from './schedule.ts';
export {
  type Brand,
  connectionCreation,
  connectionPatch,
  noBrand,
  supplierCreation,
  supplierPatch,
} from './supplier.ts';
export { type Role, roles, tokenCreation, userCreation, userPatch } from './user.ts';
