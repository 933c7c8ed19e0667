export { octoApp, octoLimits } from './app.ts';
export { webhookCapabilities } from './capabilities.ts';
export type { OctoApp, OctoDeps, OctoLimits } from './deps.ts';
export type { WebhookApi } from './webhook-api.ts';
