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
  /** Connections to Postgres at most, beside the one for notifications. */
  readonly poolSize: number;
  readonly secret: string | undefined;
  /** Secrets that were `secret` before: what they sealed is opened, and sealed anew. */
  readonly previousSecrets: readonly string[];
  /** For how many days what is kept; 0: for ever. */
  readonly kept: {
    readonly bodies: number;
    readonly attempts: number;
    readonly deliveries: number;
    readonly events: number;
  };
  /** What this process does: everything, only what is asked over HTTP, or only what is sent and timed. */
  readonly role: Role;
  readonly publicUrl: string | undefined;
  readonly trustedProxies: TrustedProxies;
  /** CIDRs that outbound requests may go to although they are private. */
  readonly allowPrivateNetworks: readonly string[];
  readonly smtpUrl: string | undefined;
  readonly sender: string;
  /** `/metrics` listens here; undefined: nowhere. */
  readonly metricsPort: number | undefined;
  /** Where traces go (OTLP over HTTP), as which service, and the part of them that is kept; undefined: they are off. */
  readonly traces: { readonly url: string; readonly service: string; readonly ratio: number } | undefined;
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

/** See `Config.role`. */
export type Role = 'all' | 'web' | 'worker';

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
const roles: readonly Role[] = ['all', 'web', 'worker'];

function cidrs(text: string): readonly string[] | undefined {
  const list = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  return list.every(isAddressRange) ? list : undefined;
}

/** A comma list, or a JSON array where a secret has a comma in it. */
function secrets(text: string): readonly string[] | undefined {
  const list = text.startsWith('[') ? arrayOf(text) : text.split(',').map((part) => part.trim());
  return list?.every((secret) => typeof secret === 'string' && secret.length >= minSecretLength)
    ? (list as readonly string[])
    : undefined;
}

function arrayOf(text: string): readonly unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
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
  CARILLON_POOL_SIZE: wholeNumber(2, 200).optional(),
  CARILLON_SECRET: z.string().min(minSecretLength, `must have at least ${minSecretLength} characters`).optional(),
  CARILLON_PREVIOUS_SECRETS: read(
    secrets,
    `a comma list or a JSON array of secrets of at least ${minSecretLength} characters`,
  ).optional(),
  CARILLON_ROLE: read((text) => roles.find((role) => role === text), `one of ${roles.join(', ')}`).optional(),
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
  OTEL_EXPORTER_OTLP_ENDPOINT: urlOf('http:', 'https:').optional(),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: urlOf('http:', 'https:').optional(),
  OTEL_SERVICE_NAME: z.string().optional(),
  OTEL_TRACES_SAMPLER_ARG: read(
    (text) => (/^(0(\.\d+)?|1(\.0+)?)$/.test(text) ? Number(text) : undefined),
    'a number from 0 to 1',
  ).optional(),
  CARILLON_DEMO_KEY: z.string().min(8, 'must have at least 8 characters').optional(),
  CARILLON_ADMIN_TOKEN: z.string().min(8, 'must have at least 8 characters').optional(),
  CARILLON_HOLD_SECONDS: wholeNumber(1, 86_400).optional(),
  CARILLON_KEEP_BODIES_DAYS: wholeNumber(0, 36_500).optional(),
  CARILLON_KEEP_ATTEMPTS_DAYS: wholeNumber(0, 36_500).optional(),
  CARILLON_KEEP_DELIVERIES_DAYS: wholeNumber(0, 36_500).optional(),
  CARILLON_KEEP_EVENTS_DAYS: wholeNumber(0, 36_500).optional(),
  CARILLON_SETTLING_MS: wholeNumber(0, 3_600_000).optional(),
});

/** Reads flags (`--port`, `--host`, `--data`, `--role`, which win) and the environment. Throws `ConfigRefused`. An empty variable is an absent one. */
export function readConfig(input: {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly flags: { readonly port?: string; readonly host?: string; readonly data?: string; readonly role?: string };
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
    ...(flags.role === undefined ? {} : { CARILLON_ROLE: flags.role }),
  });
  const flagNames: Readonly<Record<string, string>> = {
    PORT: '--port',
    HOST: '--host',
    CARILLON_DATA: '--data',
    CARILLON_ROLE: '--role',
  };
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
  const role = parsed.data?.CARILLON_ROLE ?? 'all';
  if (role !== 'all' && (command !== 'serve' || given.DATABASE_URL === undefined)) {
    problems.push(`a process with the role ${role} needs others beside it: carillon serve with DATABASE_URL`);
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
    poolSize: env.CARILLON_POOL_SIZE ?? 10,
    secret: env.CARILLON_SECRET,
    previousSecrets: env.CARILLON_PREVIOUS_SECRETS ?? [],
    kept: {
      bodies: env.CARILLON_KEEP_BODIES_DAYS ?? 30,
      attempts: env.CARILLON_KEEP_ATTEMPTS_DAYS ?? 30,
      deliveries: env.CARILLON_KEEP_DELIVERIES_DAYS ?? 90,
      events: env.CARILLON_KEEP_EVENTS_DAYS ?? 90,
    },
    role,
    publicUrl: env.CARILLON_PUBLIC_URL,
    trustedProxies: env.CARILLON_TRUST_PROXY ?? { kind: 'none' as const },
    allowPrivateNetworks: [...(env.CARILLON_ALLOW_PRIVATE_NETWORKS ?? []), ...(aloneHere ? loopback : [])],
    smtpUrl: env.SMTP_URL,
    sender: env.CARILLON_EMAIL_FROM ?? 'carillon@localhost',
    metricsPort: env.CARILLON_METRICS_PORT,
    traces: tracesOf(env),
    logLevel: env.CARILLON_LOG_LEVEL ?? 'info',
    demoKey: env.CARILLON_DEMO_KEY,
    adminToken: env.CARILLON_ADMIN_TOKEN,
    sample: { holdSeconds: env.CARILLON_HOLD_SECONDS, settlingMs: env.CARILLON_SETTLING_MS },
    local,
    mailbox: aloneHere,
  });
}

/** Where traces go by the variables of OpenTelemetry: the first is of traces alone, the other of every signal. */
function tracesOf(env: z.infer<typeof environment>): Config['traces'] {
  const { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: own, OTEL_EXPORTER_OTLP_ENDPOINT: base } = env;
  const url = own ?? (base && `${base.replace(/\/+$/, '')}/v1/traces`);
  if (url === undefined) return undefined;
  return { url, service: env.OTEL_SERVICE_NAME ?? 'carillon', ratio: env.OTEL_TRACES_SAMPLER_ARG ?? 1 };
}
