export * from './capabilities.ts';
export * from './clock.ts';
export * from './document.ts';
export * from './email-type.ts';
export * from './language.ts';
export * from './occasions.ts';
export * from './payload.ts';
export * from './view.ts';
