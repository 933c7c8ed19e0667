export { type DemoDeps, runDemo } from './demo.ts';
export { receive } from './receiver.ts';
