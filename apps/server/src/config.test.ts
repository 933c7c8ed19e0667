import { expect, it } from 'vitest';
import { type Command, ConfigRefused, readConfig } from './config.ts';
import { warningsOf } from './config-warnings.ts';

const read = (env: Readonly<Record<string, string>>, command: Command = 'serve') =>
  readConfig({ env, flags: {}, command });

it('names every problem in one message, by the name under which it was given', () => {
  const refused = () =>
    readConfig({ env: { SMTP_URL: 'ftp://x', CARILLON_SECRET: 'short' }, flags: { port: 'x' }, command: 'serve' });
  expect(refused).toThrow(ConfigRefused);
  expect(refused).toThrow(/(?=[\s\S]*--port )(?=[\s\S]*SMTP_URL )(?=[\s\S]*CARILLON_SECRET )/);
});

it('takes flags before the environment, and an empty variable as an absent one', () => {
  const config = readConfig({ env: { PORT: '5000', HOST: '' }, flags: { port: '6000' }, command: 'start' });
  expect(config).toMatchObject({ port: 6000, host: '127.0.0.1', nextFreePort: false });
});

it('sends traces where OpenTelemetry says, to a path of their own unless one is named, and nowhere by default', () => {
  expect(read({}).traces).toBeUndefined();
  expect(read({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318/' }).traces).toEqual({
    url: 'http://collector:4318/v1/traces',
    service: 'carillon',
    ratio: 1,
  });
  const env = {
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318',
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://traces.example/in',
    OTEL_SERVICE_NAME: 'tours',
    OTEL_TRACES_SAMPLER_ARG: '0.25',
  };
  expect(read(env).traces).toEqual({ url: 'https://traces.example/in', service: 'tours', ratio: 0.25 });
  expect(() => read({ OTEL_TRACES_SAMPLER_ARG: '2' })).toThrow('OTEL_TRACES_SAMPLER_ARG must be a number from 0 to 1');
});

it('refuses a flag that is empty', () => {
  for (const flag of ['port', 'host', 'data']) {
    expect(() => readConfig({ env: {}, flags: { [flag]: '' }, command: 'start' })).toThrow(`--${flag} `);
  }
});

it.each(['0x1F', ' ', '1e3', '-1', '80.5', '65536', '١'])('refuses the port %j', (port) => {
  expect(() => read({ PORT: port })).toThrow('PORT must be a whole number from 0 to 65535');
});

it.each([
  ['CARILLON_LOG_LEVEL', 'loud', 'must be one of debug, info, warn, error, silent'],
  ['CARILLON_PUBLIC_URL', 'carillon.example', 'must be an http or https address'],
  ['CARILLON_PUBLIC_URL', 'https://user@carillon.example', 'must be an http or https address'],
  ['CARILLON_TRUST_PROXY', 'constructor', 'must be a number of proxies'],
  ['CARILLON_TRUST_PROXY', '10.0.0.0/33', 'must be a number of proxies'],
  ['CARILLON_ALLOW_PRIVATE_NETWORKS', '10.0.0.0', 'must be a comma list of CIDRs'],
  ['CARILLON_ALLOW_PRIVATE_NETWORKS', '10.0.0.0/8, all', 'must be a comma list of CIDRs'],
  ['CARILLON_HOLD_SECONDS', '0', 'must be a whole number from 1 to 86400'],
  ['DATABASE_URL', 'mysql://localhost/x', 'must be a URL with postgres:'],
])('refuses %s=%s', (name, value, problem) => {
  expect(() => read({ [name]: value, CARILLON_SECRET: 'sixteen characters' })).toThrow(`${name} ${problem}`);
});

it('reads addresses and networks', () => {
  expect(
    read({
      CARILLON_PUBLIC_URL: 'https://carillon.example/tickets/',
      CARILLON_TRUST_PROXY: '10.1.2.3, loopback',
      CARILLON_ALLOW_PRIVATE_NETWORKS: '10.0.0.0/8, fd00::/8',
    }),
  ).toMatchObject({
    publicUrl: 'https://carillon.example/tickets',
    trustedProxies: { kind: 'networks', networks: ['10.1.2.3/32', '127.0.0.0/8', '::1/128'] },
    allowPrivateNetworks: ['10.0.0.0/8', 'fd00::/8'],
  });
});

it('reads former secrets, also such as have a comma in them', () => {
  const [one, other] = ['the first master secret', 'the second, and its comma'];
  expect(read({ CARILLON_PREVIOUS_SECRETS: `${one}, sixteen characters` }).previousSecrets).toEqual([
    one,
    'sixteen characters',
  ]);
  expect(read({ CARILLON_PREVIOUS_SECRETS: JSON.stringify([one, other]) }).previousSecrets).toEqual([one, other]);
  for (const CARILLON_PREVIOUS_SECRETS of ['short', `${one},`, '["a half', '[1]', `["${one}", "short"]`]) {
    expect(() => read({ CARILLON_PREVIOUS_SECRETS })).toThrow('CARILLON_PREVIOUS_SECRETS must be a comma list');
  }
});

it('splits the roles over processes only where there can be several', () => {
  const shared = { DATABASE_URL: 'postgres://localhost/x', CARILLON_SECRET: 'sixteen characters' };
  expect(read(shared).role).toBe('all');
  expect(read({ ...shared, CARILLON_ROLE: 'web' }).role).toBe('web');
  const flags = { role: 'worker' };
  expect(readConfig({ env: shared, flags, command: 'serve' }).role).toBe('worker');
  expect(() => readConfig({ env: {}, flags, command: 'serve' })).toThrow('the role worker needs others beside it');
  expect(() => readConfig({ env: shared, flags, command: 'start' })).toThrow('the role worker needs others beside it');
  expect(() => readConfig({ env: shared, flags: { role: 'both' }, command: 'serve' })).toThrow(
    '--role must be one of all, web, worker',
  );
});

it('requires a secret with a database of several nodes, except of who only migrates it', () => {
  const env = { DATABASE_URL: 'postgres://localhost/x' };
  expect(() => read(env)).toThrow(/CARILLON_SECRET is required/);
  expect(read(env, 'migrate').databaseUrl).toBe(env.DATABASE_URL);
});

it('requires a sender with an SMTP server, except in local mode', () => {
  const env = { SMTP_URL: 'smtp://localhost' };
  expect(() => read(env)).toThrow(/CARILLON_EMAIL_FROM is required/);
  expect(read(env, 'start').sender).toBe('carillon@localhost');
});

it('gives local mode a mailbox and receivers on this machine, as long as nobody else reaches it', () => {
  for (const HOST of ['127.0.0.1', '127.1.2.3', '::1', 'localhost']) {
    expect(read({ HOST }, 'start')).toMatchObject({
      mailbox: true,
      nextFreePort: true,
      allowPrivateNetworks: ['127.0.0.0/8', '::1/128'],
    });
  }
  for (const HOST of ['0.0.0.0', '::', '192.168.1.2', 'carillon.example', '127.example']) {
    const config = read({ HOST }, 'start');
    expect(config).toMatchObject({ mailbox: false, allowPrivateNetworks: [] });
    expect(warningsOf(config)).toEqual([expect.stringContaining(`--host ${HOST}`)]);
  }
  expect(read({})).toMatchObject({ mailbox: false, nextFreePort: false, allowPrivateNetworks: [] });
});

it('warns a server in production that sends no e-mails, and one that does not know its address', () => {
  expect(warningsOf(read({}))).toEqual([
    expect.stringContaining('SMTP_URL'),
    expect.stringContaining('CARILLON_PUBLIC_URL'),
  ]);
  const ready = {
    SMTP_URL: 'smtp://smtp.operator.example',
    CARILLON_EMAIL_FROM: 'tours@operator.example',
    CARILLON_PUBLIC_URL: 'https://carillon.example',
  };
  expect(warningsOf(read(ready))).toEqual([]);
  expect(warningsOf(read({}, 'start'))).toEqual([]);
});

it.each(['localhost', '127.0.0.1:2525', '[::1]', '10.1.2.3'])(
  'warns that no e-mail leaves through a server on %s, unless that is opened',
  (host) => {
    const env = {
      SMTP_URL: `smtp://${host}`,
      CARILLON_EMAIL_FROM: 'tours@operator.example',
      CARILLON_PUBLIC_URL: 'https://carillon.example',
    };
    expect(warningsOf(read(env))).toEqual([expect.stringContaining('SMTP_URL leads to a private address')]);
    const CARILLON_ALLOW_PRIVATE_NETWORKS = '127.0.0.0/8, ::1/128, 10.0.0.0/8';
    expect(warningsOf(read({ ...env, CARILLON_ALLOW_PRIVATE_NETWORKS }))).toEqual([]);
  },
);
