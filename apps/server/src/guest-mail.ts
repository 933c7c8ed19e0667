import type { Hono } from 'hono';
import {
  callbackApp,
  createDirectory,
  createRoutes,
  createSuppressions,
  createUnsubscribing,
  type MailProvider,
  type MailRoutes,
  type OpeningDeps,
  openProvider,
  type ProviderDirectory,
  type Suppressions,
  suppressionSync,
  unsubscribeApp,
  vendorLimits,
  vendors,
} from './email/index.ts';
import type { Db } from './platform/db/index.ts';
import type { Log } from './platform/log/index.ts';
import type { Outbound } from './platform/outbound/index.ts';
import { hashKey, randomKey, type Sealing } from './platform/secrets/index.ts';
import { createWorker, type Worker } from './platform/worker/index.ts';

/** What guests' e-mails take beside their messages. `instance` sends for suppliers without a provider of their own. */
export interface GuestMailDeps {
  readonly db: Db;
  readonly sealing: Sealing;
  readonly outbound: Outbound;
  readonly log: Log;
  readonly instance: MailProvider;
  readonly mailbox: MailProvider;
  /** Where this process is reached; `configured`: where the outside reaches it, if anybody said. */
  readonly publicUrl: () => string;
  readonly configured: string | undefined;
  readonly now: () => number;
  readonly newId: () => string;
}

/** Suppliers' providers and what they report, suppressions, and unsubscribe links. */
export interface GuestMail {
  readonly routes: MailRoutes;
  readonly unsubscribeUrl: ReturnType<typeof createUnsubscribing>['url'];
  readonly emailProviders: ProviderDirectory;
  readonly suppressions: Suppressions;
  /** `/providers` and `/u`. */
  readonly callbacks: Hono;
  readonly unsubscribe: Hono;
  /** Keeps suppressions and the lists of providers alike. */
  readonly sync: Worker;
}

/** Puts them together. */
export function createGuestMail(deps: GuestMailDeps): GuestMail {
  const { db, sealing: seal, outbound, log, instance, mailbox, publicUrl, configured, now, newId } = deps;
  const opening: OpeningDeps = { outbound, seal, vendors, limits: vendorLimits, now, mailbox };
  const suppressing = { db, seal, notify: () => db.notify('suppressions'), now, newId };
  const unsubscribing = createUnsubscribing({ ...suppressing, publicUrl });
  const failed = (supplier: string, err: unknown) =>
    log.warn({ code: 'suppressions.failed', supplier, err }, 'a provider’s suppressions could not be kept alike');
  return {
    routes: createRoutes({ instance, open: (stored) => openProvider(stored, opening) }),
    unsubscribeUrl: unsubscribing.url,
    emailProviders: createDirectory({
      db,
      seal,
      opening,
      publicUrl: configured,
      newKey: randomKey,
      hashKey,
      now,
      newId,
    }),
    suppressions: createSuppressions(suppressing),
    callbacks: callbackApp(suppressing),
    unsubscribe: unsubscribeApp(unsubscribing),
    sync: createWorker({
      name: 'suppressions',
      pollMs: 600_000,
      log,
      now,
      work: suppressionSync({ db, seal, opening, now, newId, failed }),
    }),
  };
}
