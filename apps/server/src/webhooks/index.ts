export { promoteNext } from './deliveries/lanes.ts';
export { owedListener } from './deliveries/owed.ts';
export { standingWork } from './deliveries/standing.ts';
export { filterStatuses } from './filters/filter.ts';
export { patternProblem } from './filters/pattern.ts';
export { type Alerts, createAlerts } from './notices/alerts.ts';
export { noticeWork } from './notices/work.ts';
export { type Preset, parameterProblems } from './presets/preset.ts';
export { presets } from './presets/presets.ts';
export { type Arrivals, createArrivals } from './pull/arrivals.ts';
export { createOwnDeliveries } from './pull/own-deliveries.ts';
export { createPull, type Pull } from './pull/pull.ts';
export { type FaultKind, faultKinds, type Place, type Range } from './reconciliation/account.ts';
export { createReconciliation, type Reconciliation } from './reconciliation/reconciliation.ts';
export { endedStates, mostPerSecond, type Replay, type ReplayRequest } from './replays/replay.ts';
export { createReplays, type Replays } from './replays/replays.ts';
export { replayWork } from './replays/work.ts';
export { sealedColumns } from './sealed.ts';
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
export type { Tracing } from './tracing/tracing.ts';
export { traceWork } from './tracing/work.ts';
export { createTrials, type Trials } from './transformations/trials.ts';
export type { Current } from './triggers/subject.ts';
export { createTriggers, type TestResult, type TriggerDeps, type Triggers } from './triggers/triggers.ts';
