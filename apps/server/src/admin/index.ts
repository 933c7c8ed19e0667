export { adminApp } from './app.ts';
export { type AdminTokens, adminTokenStore } from './tokens.ts';
