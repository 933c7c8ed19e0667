import { createHmac } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, expect, it, vi } from 'vitest';
import { emailSealedColumns } from '../../src/email/index.ts';
import { sealedColumns } from '../../src/webhooks/index.ts';
import { launchCarillon } from '../support/carillon.ts';
import { onEachEngine } from '../support/databases.ts';
import { openReceiver } from '../webhooks/stage.ts';
import { Begun, contact, cruiseRequest, type Env, envAt, octoClient } from './stage.ts';

const key = 'key-of-the-secrets-test';
const [former, current] = ['the former master secret', 'the current master secret'];
const columns = [...sealedColumns, ...emailSealedColumns];
const begun = new Begun();

async function launch(env: Env) {
  const server = await launchCarillon({
    args: ['start', '--port', '0'],
    env: { ...env, CARILLON_DEMO_KEY: key, CARILLON_LOG_LEVEL: 'info' },
  });
  begun.add(() => server.signal('SIGKILL'));
  return server;
}

async function bookAt(url: string): Promise<void> {
  const octo = octoClient(url, key);
  const { uuid } = await octo<{ uuid: string }>('POST', '/bookings', await cruiseRequest(octo));
  await octo('POST', `/bookings/${uuid}/confirm`, { contact });
}

onEachEngine('the master secret', (open, place) => {
  afterEach(() => begun.end());

  it('is changed without a webhook losing its secrets, and then nothing needs the former', {
    timeout: 60_000,
  }, async () => {
    const at = await place();
    const env = await envAt(at, begun);
    const receiver = await openReceiver();
    begun.add(receiver.close);

    const first = await launch({ ...env, CARILLON_SECRET: former });
    const { signingSecret } = await octoClient(first.url, key)<{ signingSecret: string }>('POST', '/webhooks', {
      event: 'booking_update',
      url: receiver.url.replace('//', '//anna:pa55@'),
      headers: { 'x-token': 't0ken' },
    });
    await first.stop();

    const rotating = await launch({ ...env, CARILLON_SECRET: current, CARILLON_PREVIOUS_SECRETS: former });
    await vi.waitFor(() => expect(rotating.said.join('\n')).toContain('secrets.resealed'), {
      timeout: 10_000,
      interval: 20,
    });
    await rotating.stop();
    const db = await open({ place: at });
    // Wherever a sealed text may be, whether this test knows of the column or not.
    const [check] = await db.all<{ value: string }>(`select value from settings where name = 'secret_check'`);
    const keyId = check?.value.split('.')[1];
    for (const { table, column } of columns) {
      const rows = await db.all<{ sealed: string }>(
        `select ${column} as sealed from ${table} where ${column} is not null`,
      );
      for (const { sealed } of rows) expect(sealed.split('.')[1]).toBe(keyId);
    }
    await db.close();

    const last = await launch({ ...env, CARILLON_SECRET: current });
    await bookAt(last.url);
    await vi.waitFor(() => expect(receiver.received).toHaveLength(1), { timeout: 10_000, interval: 20 });
    const [got] = receiver.received;
    expect(got?.headers).toMatchObject({
      'x-token': 't0ken',
      authorization: `Basic ${Buffer.from('anna:pa55').toString('base64')}`,
    });
    const signed = `${got?.headers['webhook-id']}.${got?.headers['webhook-timestamp']}.${got?.body}`;
    const hmac = createHmac('sha256', Buffer.from(signingSecret.replace('whsec_', ''), 'base64'));
    expect(got?.headers['webhook-signature']).toBe(`v1,${hmac.update(signed).digest('base64')}`);
    await last.stop();
    await expect(launch({ ...env, CARILLON_SECRET: former })).rejects.toThrow('is not the secret');
  });
});

it('seals every column anew that a migration calls sealed', () => {
  const migrations = new URL('../../migrations/', import.meta.url);
  const called = readdirSync(migrations).flatMap((file) =>
    [
      ...readFileSync(new URL(file, migrations), 'utf8').matchAll(
        /^ *(?:alter table \w+ add column )?(\w+) text\b.*-- sealed/gm,
      ),
    ].map(([, column]) => column),
  );
  expect(called.length).toBeGreaterThan(3);
  expect(columns.map(({ column }) => column)).toEqual(expect.arrayContaining(called));
});
