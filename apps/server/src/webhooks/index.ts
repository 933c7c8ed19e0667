export { owedListener } from './deliveries/owed.ts';
export { createEngine, type Engine } from './sending/engine.ts';
export type { Finished } from './sending/finished.ts';
export type { EngineLimits } from './sending/limits.ts';
export { newSigningSecret } from './sending/signature.ts';
export { createSubscriptions, type SubscriptionDeps, type Subscriptions } from './subscriptions/subscriptions.ts';
export type { SupplierPart } from './subscriptions/version.ts';
export type { Party, Seal, WebhookRequest, WebhookShown } from './subscriptions/webhook.ts';
