export { owedListener } from './deliveries/owed.ts';
export { standingWork } from './deliveries/standing.ts';
export { createEngine, type Engine } from './sending/engine.ts';
export type { Finished } from './sending/finished.ts';
export { type EngineLimits, engineLimits } from './sending/limits.ts';
export { newSigningSecret } from './sending/signature.ts';
export {
  createNotifications,
  type NotificationRequest,
  type NotificationShown,
  type Notifications,
} from './subscriptions/notifications.ts';
export { createSubscriptions, type Subscriptions } from './subscriptions/subscriptions.ts';
export { deleteWebhooks, resumeWebhooks, suspendWebhooks } from './subscriptions/tenancy.ts';
export type { SupplierPart } from './subscriptions/version.ts';
export type { Party, Seal, WebhookRequest, WebhookShown } from './subscriptions/webhook.ts';
export type { SubscriptionDeps } from './subscriptions/writing.ts';
export type { Current } from './triggers/subject.ts';
export { createTriggers, type TestResult, type TriggerDeps, type Triggers } from './triggers/triggers.ts';
