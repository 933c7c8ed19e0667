import { expect, it } from 'vitest';
import { signature, signingKey } from './signature.ts';

it('signs the vector of Standard Webhooks', () => {
  const key = signingKey('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');
  const body = Buffer.from('{"test": 2432232314}');
  const signed = signature([key], 'msg_p5jXN8AQM9LWM0D4loKWxJek', 1614265330, body);
  expect(signed).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
});
