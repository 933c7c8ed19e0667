import { isIP } from 'node:net';
import { z } from 'zod';
import { parsePublicUrl, parseTrustedProxies, type TrustedProxies } from './platform/http/index.ts';
import type { LogLevel } from './platform/log/index.ts';
import { isAddressRange } from './platform/outbound/index.ts';
import { minSecretLength } from './platform/secrets/index.ts';

/** How this process runs, from flags and the environment; frozen. */
export interface Config {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Another port may be taken when this one is not free: nobody asked for it. */
  readonly nextFreePort: boolean;
  /** Where the embedded database, the key and the lock are. */
  readonly dataDirectory: string;
  readonly databaseUrl: string | undefined;
  readonly secret: string | undefined;
  readonly publicUrl: string | undefined;
  readonly trustedProxies: TrustedProxies;
  /** CIDRs that outbound requests may go to although they are private. */
  readonly allowPrivateNetworks: readonly string[];
  readonly smtpUrl: string | undefined;
  readonly sender: string;
  /** `/metrics` listens here; undefined: nowhere. */
  readonly metricsPort: number | undefined;
  readonly logLevel: LogLevel;
  readonly demoKey: string | undefined;
  readonly adminToken: string | undefined;
  /** Of the sample supplier: how long holds last, and how long e-mails wait for company. */
  readonly sample: { readonly holdSeconds: number | undefined; readonly settlingMs: number | undefined };
  /** Sample data, and an address of this machine unless told otherwise: `npm start`. */
  readonly local: boolean;
  /** The mailbox may be looked at by whoever reaches this process: local mode, where nobody but this machine does. */
  readonly mailbox: boolean;
}

/** The commands that read the configuration. */
export type Command = 'start' | 'serve' | 'migrate';

/** What is wrong with the configuration: one message that names every problem. */
export class ConfigRefused extends Error {
  override readonly name = 'ConfigRefused';
}

const defaultPort = 4000;

/** A whole number from `least` to `most`, in decimal digits. */
const wholeNumber = (least: number, most: number) =>
  read(
    (text) => (/^\d{1,15}$/.test(text) && Number(text) >= least && Number(text) <= most ? Number(text) : undefined),
    `a whole number from ${least} to ${most}`,
  );

const logLevels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error', 'silent'];
const loopback = ['127.0.0.0/8', '::1/128'];

function cidrs(text: string): readonly string[] | undefined {
  const list = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  return list.every(isAddressRange) ? list : undefined;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** A text that a function reads, or a problem with what it should be. */
const read = <T>(parse: (text: string) => T | undefined, expected: string) =>
  z.string().transform((text, context) => {
    const value = parse(text);
    if (value !== undefined) return value;
    context.addIssue({ code: 'custom', message: `must be ${expected}` });
    return z.NEVER;
  });

const urlOf = (...protocols: readonly string[]) =>
  read(
    (text) => (protocols.includes(URL.parse(text)?.protocol ?? '') ? text : undefined),
    `a URL with ${protocols.join(' or ')}`,
  );

const environment = z.object({
  PORT: wholeNumber(0, 65_535).optional(),
  HOST: z.string().min(1, 'must not be empty').optional(),
  CARILLON_DATA: z.string().min(1, 'must not be empty').optional(),
  DATABASE_URL: urlOf('postgres:', 'postgresql:').optional(),
  CARILLON_SECRET: z.string().min(minSecretLength, `must have at least ${minSecretLength} characters`).optional(),
  CARILLON_PUBLIC_URL: read(parsePublicUrl, 'an http or https address without credentials and query').optional(),
  CARILLON_TRUST_PROXY: read(
    parseTrustedProxies,
    'a number of proxies, or addresses, CIDRs, loopback, private',
  ).optional(),
  CARILLON_ALLOW_PRIVATE_NETWORKS: read(cidrs, 'a comma list of CIDRs').optional(),
  SMTP_URL: urlOf('smtp:', 'smtps:').optional(),
  CARILLON_EMAIL_FROM: z.email('must be an e-mail address').optional(),
  CARILLON_METRICS_PORT: wholeNumber(0, 65_535).optional(),
  CARILLON_LOG_LEVEL: read(
    (text) => logLevels.find((level) => level === text),
    `one of ${logLevels.join(', ')}`,
  ).optional(),
  CARILLON_DEMO_KEY: z.string().min(8, 'must have at least 8 characters').optional(),
  CARILLON_ADMIN_TOKEN: z.string().min(8, 'must have at least 8 characters').optional(),
  CARILLON_HOLD_SECONDS: wholeNumber(1, 86_400).optional(),
  CARILLON_SETTLING_MS: wholeNumber(0, 3_600_000).optional(),
});

/** Reads flags (`--port`, `--host`, `--data`, which win) and the environment. Throws `ConfigRefused`. An empty variable is an absent one. */
export function readConfig(input: {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly flags: { readonly port?: string; readonly host?: string; readonly data?: string };
  readonly command: Command;
}): Config {
  const { flags, command } = input;
  const local = command === 'start';
  const given = Object.fromEntries(
    Object.entries(input.env).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = environment.safeParse({
    ...given,
    ...(flags.port === undefined ? {} : { PORT: flags.port }),
    ...(flags.host === undefined ? {} : { HOST: flags.host }),
    ...(flags.data === undefined ? {} : { CARILLON_DATA: flags.data }),
  });
  const flagNames: Readonly<Record<string, string>> = { PORT: '--port', HOST: '--host', CARILLON_DATA: '--data' };
  const problems = (parsed.error?.issues ?? []).map(({ path, message }) => {
    const name = String(path[0]);
    const flag = flagNames[name];
    const fromFlag = flag !== undefined && flags[flag.slice(2) as keyof typeof flags] !== undefined;
    return `${fromFlag ? flag : name} ${message}`;
  });
  if (command === 'serve' && given.DATABASE_URL !== undefined && given.CARILLON_SECRET === undefined) {
    problems.push('CARILLON_SECRET is required with DATABASE_URL: every node must have the same one');
  }
  if (command === 'serve' && given.SMTP_URL !== undefined && given.CARILLON_EMAIL_FROM === undefined) {
    problems.push('CARILLON_EMAIL_FROM is required with SMTP_URL: guests see it as the sender');
  }
  if (!parsed.success || problems.length > 0) {
    throw new ConfigRefused(`Carillon cannot start:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
  }
  const env = parsed.data;
  const host = env.HOST ?? '127.0.0.1';
  const aloneHere = local && isLoopback(host);
  return Object.freeze({
    host,
    port: env.PORT ?? defaultPort,
    nextFreePort: local && env.PORT === undefined,
    dataDirectory: env.CARILLON_DATA ?? 'data',
    databaseUrl: env.DATABASE_URL,
    secret: env.CARILLON_SECRET,
    publicUrl: env.CARILLON_PUBLIC_URL,
    trustedProxies: env.CARILLON_TRUST_PROXY ?? { kind: 'none' as const },
    allowPrivateNetworks: [...(env.CARILLON_ALLOW_PRIVATE_NETWORKS ?? []), ...(aloneHere ? loopback : [])],
    smtpUrl: env.SMTP_URL,
    sender: env.CARILLON_EMAIL_FROM ?? 'carillon@localhost',
    metricsPort: env.CARILLON_METRICS_PORT,
    logLevel: env.CARILLON_LOG_LEVEL ?? 'info',
    demoKey: env.CARILLON_DEMO_KEY,
    adminToken: env.CARILLON_ADMIN_TOKEN,
    sample: { holdSeconds: env.CARILLON_HOLD_SECONDS, settlingMs: env.CARILLON_SETTLING_MS },
    local,
    mailbox: aloneHere,
  });
}
