import { maxUnitItems, type Option, type Unit } from '@carillon/contract';
import { done, type Result, unprocessable } from '../refusal.ts';

function unitLimits(unit: Unit, quantity: number): string | undefined {
  const { minQuantity, maxQuantity } = unit.restrictions;
  if (minQuantity !== null && quantity < minQuantity)
    return `at least ${minQuantity} of the unit ${unit.id} are needed`;
  if (maxQuantity !== null && quantity > maxQuantity)
    return `at most ${maxQuantity} of the unit ${unit.id} are allowed`;
  return undefined;
}

/** Whether these units may be booked together (OCTO restrictions of option and unit; ages are the guest's word). */
export function checkRestrictions(option: Option, unitIds: readonly string[]): Result<true> {
  const { minUnits, maxUnits } = option.restrictions;
  const most = maxUnits ?? maxUnitItems;
  if (unitIds.length === 0) return unprocessable('unitItems: at least one is needed.');
  if (unitIds.length < minUnits) return unprocessable(`unitItems: at least ${minUnits} are needed.`);
  if (unitIds.length > most) return unprocessable(`unitItems: at most ${most} are allowed.`);
  for (const unit of option.units) {
    const quantity = unitIds.filter((id) => id === unit.id).length;
    if (quantity === 0) continue;
    const limit = unitLimits(unit, quantity);
    if (limit !== undefined) return unprocessable(`unitItems: ${limit}.`);
    const { accompaniedBy } = unit.restrictions;
    if (accompaniedBy.length > 0 && !accompaniedBy.some((id) => unitIds.includes(id))) {
      return unprocessable(`unitItems: the unit ${unit.id} must be accompanied by one of ${accompaniedBy.join(', ')}.`);
    }
  }
  return done(true);
}
