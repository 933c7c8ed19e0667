import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { within } from '../../src/platform/clock/index.ts';
import { SecretRefused } from '../../src/platform/secrets/index.ts';
import { smtpReceiver } from '../email/smtp-receiver.ts';
import { onEachEngine, onSqlite } from '../support/databases.ts';
import { Begun, contact, cruiseRequest, envAt, octoClient, startServer, statusOf, takenPort } from './stage.ts';

const begun = new Begun();
/** A key as it was printed beside its name. */
const printed = (said: string, name: string) => new RegExp(`${name} +(c[ka]_[\\w-]{43})`).exec(said)?.[1];

onEachEngine('a server', (open, place) => {
  // Before the database is dropped: hooks of a suite run last first.
  afterEach(() => begun.end());

  it('says that it lives and is ready, and has metrics on a listener of their own', async () => {
    const env = await envAt(await place(), begun);
    const server = await startServer({ ...env, CARILLON_METRICS_PORT: '0' }, begun);
    expect(await (await fetch(`${server.url}/healthz`)).json()).toMatchObject({ status: 'ok' });
    expect(await (await fetch(`${server.url}/readyz`)).json()).toEqual({ status: 'ready' });
    const metrics = await (await fetch(server.metricsUrl ?? '')).text();
    expect(metrics).toMatch(/^carillon_database_up 1$/m);
    expect(metrics).toMatch(/^# TYPE carillon_statements_total counter$/m);
    expect(await statusOf(`${server.url}/metrics`)).toBe(404);
  });

  it.each([
    ['its own port', 'PORT'],
    ['the port for metrics', 'CARILLON_METRICS_PORT'],
  ])(
    'whose start fails because %s is taken leaves nothing behind, and the next start shows keys that work',
    async (_, name) => {
      const env = await envAt(await place(), begun);
      const taken = await takenPort(begun);
      const free = await takenPort(begun);
      await free.free();
      await expect(startServer({ ...env, PORT: free.port, [name]: taken.port }, begun)).rejects.toMatchObject({
        code: 'EADDRINUSE',
      });
      await expect(fetch(`http://127.0.0.1:${free.port}/healthz`)).rejects.toThrow();
      await taken.free();
      const { url, said } = await startServer({ ...env, [name]: taken.port }, begun);
      expect(await statusOf(`${url}/octo/products`, printed(said, 'Website key'))).toBe(200);
      expect(await statusOf(`${url}/octo/products`, printed(said, 'Reseller key'))).toBe(200);
      expect(await statusOf(`${url}/api/deliveries`, printed(said, 'Admin token'))).toBe(200);
    },
  );

  it('whose start fails after it made the sample data shows keys that work at the next', async () => {
    const at = await place();
    const env = await envAt(at, begun);
    const rename = async (from: string, to: string) => {
      const db = await open({ place: at });
      await db.run(`alter table ${from} rename to ${to}`);
      await db.close();
    };
    await rename('webhooks', 'webhooks_away');
    await expect(startServer(env, begun)).rejects.toThrow('webhooks');
    await rename('webhooks_away', 'webhooks');
    const { url, said } = await startServer(env, begun);
    expect(await statusOf(`${url}/octo/products`, printed(said, 'Website key'))).toBe(200);
    expect(await statusOf(`${url}/octo/products`, printed(said, 'Reseller key'))).toBe(200);
    expect(await statusOf(`${url}/api/deliveries`, printed(said, 'Admin token'))).toBe(200);
  });

  it('finishes sample data that an earlier start left without campaigns', async () => {
    const at = await place();
    const env = await envAt(at, begun);
    await (await startServer(env, begun)).stop(1_000);
    const db = await open({ place: at });
    await db.run('delete from campaigns');
    await db.close();
    await (await startServer(env, begun)).stop(1_000);
    const again = await open({ place: at });
    expect(await again.all('select count(*) > 0 as some from campaigns')).toEqual([
      { some: expect.toSatisfy(Boolean) },
    ]);
  });

  it('takes configured keys also on an old directory, in place of those that it had', async () => {
    const env = await envAt(await place(), begun);
    const first = await startServer(env, begun);
    const [oldKey, oldToken] = [printed(first.said, 'Website key'), printed(first.said, 'Admin token')];
    await first.stop(1_000);
    const configured = { CARILLON_DEMO_KEY: 'a-key-of-my-own', CARILLON_ADMIN_TOKEN: 'a-token-of-my-own' };
    const { url, said } = await startServer({ ...env, ...configured }, begun);
    expect(said).toMatch(
      /Website key +a-key-of-my-own\n.*printed at the first start.*\n +Admin token +a-token-of-my-own/,
    );
    expect(await statusOf(`${url}/octo/products`, 'a-key-of-my-own')).toBe(200);
    expect(await statusOf(`${url}/octo/products`, oldKey)).toBe(403);
    expect(await statusOf(`${url}/api/deliveries`, 'a-token-of-my-own')).toBe(200);
    expect(await statusOf(`${url}/api/deliveries`, oldToken)).toBe(401);
  });

  it('refuses another secret than the one that its database was begun with', async () => {
    const env = await envAt(await place(), begun);
    const first = await startServer({ ...env, CARILLON_SECRET: 'the first master secret' }, begun, 'serve');
    // On Postgres the second is another node beside the first.
    if (env.DATABASE_URL === undefined) await first.stop(1_000);
    const other = startServer({ ...env, CARILLON_SECRET: 'another master secret' }, begun, 'serve');
    await expect(other).rejects.toThrow(SecretRefused);
    await expect(other).rejects.toThrow(/CARILLON_SECRET is not the secret that this database was begun with/);
    await first.stop(1_000);
    await startServer({ ...env, CARILLON_SECRET: 'the first master secret' }, begun, 'serve');
  });

  it("shows guests' e-mails only to this machine", async () => {
    const env = await envAt(await place(), begun);
    const local = await startServer(env, begun);
    expect(await statusOf(`${local.url}/mailbox`)).toBe(200);
    await local.stop(1_000);
    const forAll = await startServer({ ...env, HOST: '0.0.0.0' }, begun);
    expect(await statusOf(`${forAll.url}/mailbox`)).toBe(404);
    expect(forAll.said).toContain('Mailbox        (only with --host 127.0.0.1');
  });

  it("sends e-mails whose Message-ID is of the sender's domain, and leaves no connection to the SMTP server", async () => {
    const smtp = await smtpReceiver();
    const server = await startServer(
      {
        ...(await envAt(await place(), begun)),
        CARILLON_DEMO_KEY: 'key-of-this-test',
        CARILLON_SETTLING_MS: '0',
        SMTP_URL: smtp.url,
        CARILLON_EMAIL_FROM: 'tours@operator.example',
      },
      begun,
    );
    const octo = octoClient(server.url, 'key-of-this-test');
    const { uuid } = await octo<{ uuid: string }>('POST', '/bookings', await cruiseRequest(octo));
    await octo('POST', `/bookings/${uuid}/confirm`, { contact });
    const [mail] = await vi.waitFor(
      async () => {
        const mails = await smtp.mails();
        expect(mails).toHaveLength(1);
        return mails;
      },
      { timeout: 4_000, interval: 20 },
    );
    expect(mail?.messageId).toMatch(/@operator\.example>$/);
    await server.stop(1_000);
    // It waits for its connections, and cuts off after half a minute those that stay.
    await within(10_000, smtp.close());
  });
});

onSqlite('a data directory', (_open, place) => {
  afterEach(() => begun.end());
  const directoryAt = async () => {
    const at = await place();
    if (at.engine !== 'sqlite') throw new Error('this is about SQLite');
    return at.directory;
  };

  it("keeps a secret that is its owner's only, from one start to the next", async () => {
    const directory = await directoryAt();
    const file = join(directory, 'secret.key');
    await (await startServer({ CARILLON_DATA: directory }, begun)).stop(1_000);
    const secret = await readFile(file, 'utf8');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    await (await startServer({ CARILLON_DATA: directory }, begun)).stop(1_000);
    expect(await readFile(file, 'utf8')).toBe(secret);
  });

  it.each(['', 'cut off'])('whose secret is %j is refused by its name', async (content) => {
    const directory = await directoryAt();
    await writeFile(join(directory, 'secret.key'), content);
    const start = startServer({ CARILLON_DATA: directory }, begun);
    await expect(start).rejects.toThrow(SecretRefused);
    await expect(start).rejects.toThrow(`${directory}/secret.key does not hold a whole secret`);
  });

  it('that is a file, or below one, is refused', async () => {
    const file = join(await directoryAt(), 'file');
    await writeFile(file, '');
    await expect(startServer({ CARILLON_DATA: file }, begun)).rejects.toThrow(`${file} cannot be made: it is a file`);
    await expect(startServer({ CARILLON_DATA: join(file, 'data') }, begun)).rejects.toThrow('it is a file');
  });
});
