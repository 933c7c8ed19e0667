export { isAddressRange } from './address.ts';
export type { Lookup } from './names.ts';
export type { Outbound, OutboundOptions, OutboundRequest } from './outbound.ts';
export { createOutbound } from './outbound.ts';
export type { FailureReason, Reply } from './reply.ts';
