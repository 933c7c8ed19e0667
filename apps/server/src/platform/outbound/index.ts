export { addressAllowed, isAddressRange, parseRanges } from './address.ts';
export type { ClientCertificate } from './certificate.ts';
export type { Dial } from './dial.ts';
export type { Lookup } from './names.ts';
export type { Outbound, OutboundOptions, OutboundRequest } from './outbound.ts';
export { createOutbound } from './outbound.ts';
export type { FailureReason, Reply } from './reply.ts';
