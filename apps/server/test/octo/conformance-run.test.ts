import { afterEach, expect, test } from 'vitest';
import { Begun, envAt, startServer } from '../server/stage.ts';
import { onEachEngine } from '../support/databases.ts';
import { type Ask, runValidator } from './validator.ts';

const begun = new Begun();
afterEach(() => begun.end());

/** Calls a server over its sockets, with the headers that the validator sends also with a GET. */
function asker(url: string, key: string): Ask {
  return async (method, path, body) => {
    const response = await fetch(`${url}/octo${path}`, {
      method,
      redirect: 'error',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'octo-capabilities': '' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: await response.json() };
  };
}

onEachEngine('what OCTO’s validator does', (_open, place) => {
  test('succeeds with the sample data, and just as well the second and the third time', async () => {
    const key = 'key-of-the-validator';
    const env = await envAt(await place({ migrate: false }), begun);
    const { url } = await startServer({ ...env, CARILLON_DEMO_KEY: key, CARILLON_SECRET: 's'.repeat(32) }, begun);
    for (const run of [1, 2, 3]) {
      expect(await runValidator(asker(url, key)), `run ${run}`).toEqual([]);
    }
  });
});
