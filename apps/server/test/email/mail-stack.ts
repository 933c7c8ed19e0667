import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import {
  callbackApp,
  createDirectory,
  createRoutes,
  createSuppressions,
  createUnsubscribing,
  type MailProvider,
  mailboxProvider,
  type OpeningDeps,
  openProvider,
  suppressionSync,
  unsubscribeApp,
  type Vendors,
  vendorLimits,
} from '../../src/email/index.ts';
import type { Db } from '../../src/platform/db/index.ts';
import { createOutbound } from '../../src/platform/outbound/index.ts';
import { createSealing, hashKey, randomKey } from '../../src/platform/secrets/index.ts';

/** What a test may set of how suppliers' providers are put together. */
export interface StackOptions {
  readonly vendors?: Partial<Vendors>;
  /** The instance's provider; default the mailbox. */
  readonly instance?: MailProvider;
  /** Where the outside reaches the instance. */
  readonly publicUrl?: string | undefined;
  readonly now?: () => number;
  readonly newId?: () => string;
}

/** Suppliers' providers, their reports, suppressions and unsubscribe links, as the server puts them together. */
export function mailStack(db: Db, options: StackOptions = {}) {
  const { now = Date.now, newId = randomUUID, publicUrl } = options;
  const seal = createSealing(['the secret of the mail stack']);
  const mailbox = mailboxProvider({ db, now, newId });
  const opening: OpeningDeps = {
    outbound: createOutbound({ allow: ['127.0.0.0/8'], connectTimeoutMs: 1_000 }),
    seal,
    vendors: { postmark: 'http://127.0.0.1:1', mailjet: 'http://127.0.0.1:1', ...options.vendors },
    limits: { ...vendorLimits, sendMs: 400, askMs: 1_000 },
    now,
    mailbox,
  };
  const notified = { times: 0 };
  const notify = () => {
    notified.times += 1;
  };
  const failures: unknown[] = [];
  const suppressing = { db, seal, notify, now, newId };
  const unsubscribing = createUnsubscribing({
    ...suppressing,
    publicUrl: () => publicUrl ?? 'https://carillon.example',
  });
  const http = new Hono({ strict: false });
  http.route('/providers', callbackApp(suppressing));
  http.route('/u', unsubscribeApp(unsubscribing));
  return {
    db,
    http,
    opening,
    notified,
    failures,
    unsubscribing,
    routes: createRoutes({
      instance: options.instance ?? mailbox,
      open: (stored) => openProvider(stored, opening),
    }),
    directory: createDirectory({ db, seal, opening, publicUrl, newKey: randomKey, hashKey, now, newId }),
    suppressions: createSuppressions(suppressing),
    sync: suppressionSync({ db, seal, opening, now, newId, failed: (_, error) => failures.push(error) }),
  };
}
