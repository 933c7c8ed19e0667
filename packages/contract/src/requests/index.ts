export { availabilityRequest, calendarRequest } from './availability.ts';
export {
  cancellationRequest,
  confirmationRequest,
  extensionRequest,
  maxUnitItems,
  reservationRequest,
  updateRequest,
} from './booking.ts';
export { bookingFilter } from './booking-filter.ts';
export { contactRequest } from './contact.ts';
export { type DateRange, maxRangeDays } from './dates.ts';
export {
  type NotificationType,
  notificationTypes,
  subscriptionCreation,
  subscriptionPatch,
} from './notification-request.ts';
export {
  maxOrderBookings,
  orderConfirmationRequest,
  orderCreationRequest,
  orderFilter,
  orderUpdateRequest,
} from './order.ts';
export { type Problem, problemsOf } from './problem.ts';
export { isCurrency, opaqueId, uuid } from './text.ts';
export {
  triggerRequest,
  webhookAuthorizationClash,
  webhookCreation,
  webhookDeletion,
  webhookHeaderProblem,
  webhookLimits,
  webhookPatch,
  webhookUrlProblem,
} from './webhook-request.ts';
export { webhookSending } from './webhook-sending.ts';
