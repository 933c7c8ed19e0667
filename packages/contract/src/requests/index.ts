export { availabilityRequest, calendarRequest } from './availability.ts';
export {
  cancellationRequest,
  confirmationRequest,
  extensionRequest,
  maxUnitItems,
  orderConfirmationRequest,
  reservationRequest,
  updateRequest,
} from './booking.ts';
export { bookingFilter } from './booking-filter.ts';
export { contactRequest } from './contact.ts';
export { type DateRange, maxRangeDays } from './dates.ts';
export { type Problem, problemsOf } from './problem.ts';
export { opaqueId, uuid } from './text.ts';
export {
  webhookAuthorizationClash,
  webhookCreation,
  webhookDeletion,
  webhookHeaderProblem,
  webhookLimits,
  webhookPatch,
  webhookUrlProblem,
} from './webhook-request.ts';
