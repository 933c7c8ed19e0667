export { adminApp } from './app.ts';
export { forgettingWork } from './forgetting.ts';
export { type AdminTokens, adminTokenStore } from './tokens.ts';
