export { acceptedLanguages } from './accept-language.ts';
export { arrivalOf } from './arrival.ts';
export { faultAnswer } from './fault-answer.ts';
export { type JsonBody, type JsonLimits, readJson } from './json-body.ts';
export { type Fetch, type Listening, listen } from './listen.ts';
export {
  type Arrival,
  clientAddress,
  parsePublicUrl,
  parseTrustedProxies,
  publicOrigin,
  type TrustedProxies,
} from './proxy.ts';
export { requestId } from './request-id.ts';
export { securityHeaders } from './security-headers.ts';
export { type Rate, type Taken, type TokenBuckets, tokenBuckets } from './token-buckets.ts';
export { unknownRoute } from './unknown-route.ts';
