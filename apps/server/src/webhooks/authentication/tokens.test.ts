import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { createOutbound } from '../../platform/outbound/index.ts';
import { createTokens } from './tokens.ts';

it('whoever waits for a token that somebody else asked for waits no longer than they have time', async () => {
  const answer = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  const server = createServer(async (_request, response) => {
    asked.resolve();
    await answer.promise;
    response.end('{"access_token":"token","token_type":"Bearer","expires_in":60}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const outbound = createOutbound({ allow: ['127.0.0.0/8'] });
  try {
    const tokens = createTokens({ outbound, now: () => 0 });
    const oauth2 = {
      tokenUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
      clientId: 'crm',
      clientSecret: 'hush',
      scope: null,
      audience: null,
      sendAs: 'body',
    } as const;
    const holder = { webhookId: 'w', revision: 1, authentication: { oauth2, certificate: null } };
    const patient = tokens.of(holder, 10_000);
    await asked.promise;
    expect(await tokens.of(holder, 20)).toMatchObject({ ok: false, failure: { reason: 'timeout' } });
    answer.resolve();
    expect(await patient).toEqual({ ok: true, token: 'token' });
    expect(await tokens.of(holder, 20)).toEqual({ ok: true, token: 'token' });
  } finally {
    await outbound.close();
    server.close();
  }
});
