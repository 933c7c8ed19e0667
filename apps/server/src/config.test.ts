import { expect, it } from 'vitest';
import { ConfigRefused, readConfig } from './config.ts';

it('names every problem in one message, by the name under which it was given', () => {
  const read = () =>
    readConfig({ env: { SMTP_URL: 'ftp://x', CARILLON_SECRET: 'short' }, flags: { port: 'x' }, local: false });
  expect(read).toThrow(ConfigRefused);
  expect(read).toThrow(/(?=[\s\S]*--port )(?=[\s\S]*SMTP_URL )(?=[\s\S]*CARILLON_SECRET )/);
});

it('takes flags before the environment, and an empty variable as an absent one', () => {
  const config = readConfig({ env: { PORT: '5000', HOST: '' }, flags: { port: '6000' }, local: true });
  expect(config).toMatchObject({ port: 6000, host: '127.0.0.1', nextFreePort: false });
});

it('requires a secret with a database of several nodes', () => {
  const env = { DATABASE_URL: 'postgres://localhost/x' };
  expect(() => readConfig({ env, flags: {}, local: false })).toThrow(/CARILLON_SECRET is required/);
});
