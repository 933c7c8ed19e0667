import { afterEach, expect, it } from 'vitest';
import { Begun, envAt, startServer, statusOf } from '../server/stage.ts';
import { onEachEngine } from '../support/databases.ts';

const begun = new Begun();
const adminToken = 'a-token-of-the-instance';
const secret = 'a secret of at least thirty-two characters';

onEachEngine('an instance that starts empty', (_, place) => {
  afterEach(() => begun.end());

  it('gets its first supplier and connection by the configured admin token', async () => {
    const env = { ...(await envAt(await place(), begun)), CARILLON_ADMIN_TOKEN: adminToken, CARILLON_SECRET: secret };
    const { url } = await startServer(env, begun, 'serve');
    const post = async (path: string, token: string, body: object) => {
      const response = await fetch(`${url}/api${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      expect(response.status).toBe(201);
      return (await response.json()) as Record<string, string>;
    };
    const settings = { name: 'Alpine Bells', language: 'de', languages: ['de'], timeZone: 'Europe/Vienna' };
    const { token } = await post('/suppliers', adminToken, settings);
    const connection = { name: 'Website', kind: 'website', emails: true };
    const { key } = await post('/connections', token ?? '', connection);
    expect(await statusOf(`${url}/octo/supplier`, key)).toBe(200);
    expect(await statusOf(`${url}/api/products`, token)).toBe(200);
    expect(await statusOf(`${url}/api/products`, adminToken)).toBe(403);
  });
});
