export type { Expiry } from './bookings/expiry.ts';
export type { Once } from './bookings/told.ts';
export type {
  OpeningHours,
  OptionDefinition,
  Price,
  ProductDefinition,
  Schedule,
  StartTimes,
  TaxRate,
  UnitDefinition,
} from './catalogue/definition.ts';
export { type ConnectionSettings, createParties, type Parties, type SupplierSettings } from './parties/parties.ts';
export type { Connection, Party, SupplierListed, SupplierProfile, SupplierState } from './party.ts';
export { guestsGetEmails, profileOf } from './reading/profile.ts';
export { done, type Refusal, type Refused, type Result, refuse } from './refusal.ts';
export type {
  AvailabilityQuery,
  BookingFilter,
  CalendarQuery,
  CancellationRequest,
  Confirmation,
  ContactRequest,
  Extension,
  Reservation,
  UnitCount,
  UnitRequest,
  Update,
} from './request.ts';
export { type Sample, seedSample } from './sample/seed.ts';
export type { CalendarDay } from './slots/calendar.ts';
export type { SlotEdit } from './slots/edit.ts';
export { createSupplier, type Supplier } from './supplier.ts';
