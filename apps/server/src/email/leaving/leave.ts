import type { Reading } from '../../changes/index.ts';
import type { Db } from '../../platform/db/index.ts';
import type { Campaign } from '../campaigns/campaign.ts';
import type { MessageFacts } from '../facts.ts';
import type { Claimed } from '../messages/message.ts';
import { messageBookings } from '../messages/store.ts';
import type { Mail, MailProvider, SendOutcome } from '../providers/provider.ts';
import type { MailRoute, MailRoutes } from '../providers/routes.ts';
import type { Render, RenderedMail } from '../rendering/render.ts';
import type { Suppliers } from '../suppliers.ts';
import { insertAttempt } from './attempt-store.ts';
import { openCopies } from './copies.ts';
import { type Copy, decide } from './decision.ts';
import type { FinishedMessage } from './finished.ts';
import { type Looked, lookAt, sameBookings } from './look.ts';
import { type Failure, postpone } from './postpone.ts';
import { settle } from './settle.ts';
import { endMessage, lockHeld, postponeMessage, releaseMessage, startSending } from './store.ts';

/** What a message needs to leave. `now` gives ms UTC, `random` a number in [0, 1). */
export interface LeavingDeps {
  readonly db: Db;
  readonly changes: Reading;
  readonly suppliers: Suppliers;
  readonly render: Render;
  readonly routes: MailRoutes;
  /** Where the reader of a marketing e-mail unsubscribes. */
  readonly unsubscribeUrl: (mail: {
    readonly messageId: string;
    readonly supplierId: string;
    readonly address: string;
  }) => Promise<string>;
  /** What the link of a recovery carries, for a message. */
  readonly recoveryToken: (messageId: string) => string;
  /** The right side of every Message-ID: a name of this installation. */
  readonly host: string;
  /** How long a message is held while it is looked at and written, ms; in a provider's hands it is held so much longer than that may take. */
  readonly leaseMs: number;
  readonly now: () => number;
  readonly newId: () => string;
  readonly random: () => number;
  /** Told of what went wrong with one message that could not leave; it is tried again. */
  readonly failed: (messageId: string, error: unknown) => void;
}

/** How often a message is looked at anew because something joined it in between, before somebody else gets a turn. */
const mostLooks = 5;

/**
 * Lets a claimed message leave: decides what it says by the state of its bookings now, renders it, freezes it, hands it over and
 * records what came of it. One that cannot be looked at or rendered waits for another turn. Null when it did not leave because it was
 * no longer ours or did not come to rest.
 */
export async function leave(message: Claimed, deps: LeavingDeps): Promise<FinishedMessage | null> {
  for (let look = 0; look < mostLooks; look += 1) {
    const prepared = await prepare(message, deps);
    if (prepared.kind === 'failed') {
      deps.failed(message.id, prepared.error);
      return postpone(message, prepared, deps);
    }
    const { looked } = prepared;
    if (prepared.kind === 'skip') {
      const skipped = await skip(message, looked, prepared.reason, deps);
      if (skipped !== 'changed') return skipped;
      continue;
    }
    if (prepared.kind === 'wait') {
      const waiting = await wait(message, looked, prepared, deps);
      if (waiting !== 'changed') return waiting;
      continue;
    }
    const frozen = await freeze(message, prepared, deps);
    if (frozen === 'lost') return null;
    if (frozen === 'frozen') return handOver(message, prepared, deps);
  }
  await releaseMessage(deps.db, message);
  return null;
}

interface Written {
  readonly kind: 'send';
  readonly looked: Looked;
  readonly campaign: Campaign;
  readonly mail: RenderedMail;
  readonly route: MailRoute;
  readonly copies: readonly Copy[];
}

type Prepared =
  | Written
  | { readonly kind: 'skip'; readonly looked: Looked; readonly reason: string }
  | { readonly kind: 'wait'; readonly looked: Looked; readonly reason: string; readonly until: number }
  | ({ readonly kind: 'failed'; readonly error: unknown } & Failure);

async function prepare(message: Claimed, deps: LeavingDeps): Promise<Prepared> {
  const at = deps.now();
  let doing = 'looked at';
  try {
    const looked = await lookAt(deps.db, message, deps, at);
    const decision = decide(looked.situation);
    if (decision.kind === 'skip') return { kind: 'skip', looked, reason: decision.reason };
    if (decision.kind === 'wait') return { ...decision, looked };
    const { copies } = decision;
    const facts = withRecovery(decision.facts, message.id, deps);
    const { campaign, address } = facts;
    const messageId = message.headerId ?? `<${message.id}@${deps.host}>`;
    const route = await deps.routes.of(deps.db, message.supplierId, campaign.providerId);
    const { supplierId } = message;
    const unsubscribeUrl = campaign.marketing
      ? await deps.unsubscribeUrl({ messageId: message.id, supplierId, address })
      : null;
    doing = 'rendered';
    const mail = await deps.render(facts, { messageId, now: at, sender: route.sender, unsubscribeUrl });
    return { kind: 'send', looked, campaign, mail, route, copies };
  } catch (error) {
    const reason = `It could not be ${doing}: ${error instanceof Error ? error.message : String(error)}`;
    // What cannot be rendered a second time would fail again each time; a look may fail while the database is in trouble.
    return { kind: 'failed', error, reason, ...(doing === 'rendered' ? { most: 2 } : {}) };
  }
}

function skip(
  message: Claimed,
  looked: Looked,
  reason: string,
  deps: LeavingDeps,
): Promise<FinishedMessage | 'changed' | null> {
  const { id, leaseToken, supplierId, orderId, attempts } = message;
  return deps.db.transaction(async (tx) => {
    if (!(await lockHeld(tx, { id, leaseToken, state: 'settling' }))) return null;
    if (!sameBookings(looked.bookings, await messageBookings(tx, id))) return 'changed';
    await endMessage(tx, { id, state: 'skipped', reason, endedAt: deps.now() });
    return { messageId: id, supplierId, orderId, state: 'skipped', code: null, attempts };
  });
}

/** A booking that the link of a recovery leads to is known by what the link carries. */
const withRecovery = (facts: MessageFacts, messageId: string, deps: LeavingDeps): MessageFacts =>
  facts.lead === 'expired' ? { ...facts, recoveryToken: deps.recoveryToken(messageId) } : facts;

/** Lets the message wait for its time, unless something joined it since it was looked at. */
function wait(
  { id, leaseToken }: Claimed,
  looked: Looked,
  { reason, until }: { readonly reason: string; readonly until: number },
  { db }: LeavingDeps,
): Promise<'changed' | null> {
  return db.transaction(async (tx) => {
    if (!(await lockHeld(tx, { id, leaseToken, state: 'settling' }))) return null;
    if (!sameBookings(looked.bookings, await messageBookings(tx, id))) return 'changed';
    await postponeMessage(tx, { id, reason, dueAt: until, failures: 0 });
    return null;
  });
}

/** Commits what the message says before anyone is given it, unless something joined it since it was looked at. */
function freeze(
  message: Claimed,
  { looked, campaign, mail, route, copies }: Written,
  deps: LeavingDeps,
): Promise<'frozen' | 'changed' | 'lost'> {
  const { id, leaseToken } = message;
  const { provider, providerId } = route;
  const { name } = provider;
  const leaseMs = provider.longestMs + deps.leaseMs;
  const number = message.attempts + 1;
  return deps.db.transaction(async (tx) => {
    if (!(await lockHeld(tx, { id, leaseToken, state: 'settling' }))) return 'lost';
    if (!sameBookings(looked.bookings, await messageBookings(tx, id))) return 'changed';
    await Promise.all([
      startSending(tx, { id, campaignId: campaign.id, number, provider: name, providerId, leaseMs, mail }),
      insertAttempt(tx, { id: deps.newId(), messageId: id, number, provider: name, startedAt: deps.now() }),
    ]);
    await openCopies(tx, message, copies, deps);
    return 'frozen';
  });
}

async function handOver(
  message: Claimed,
  { mail, campaign, route }: Written,
  deps: LeavingDeps,
): Promise<FinishedMessage | null> {
  const { supplierId } = message;
  const { provider } = route;
  const startedAt = deps.now();
  const outcome = await outcomeOf(provider, { ...mail, supplierId, marketing: campaign.marketing });
  // The provider's records will tell, when the lease is over; a provider without records never will.
  if (outcome.kind === 'unknown' && provider.find !== undefined) return null;
  const attempt = { ...message, attempts: message.attempts + 1 };
  return settle(attempt, outcome, deps.now() - startedAt, deps);
}

async function outcomeOf(provider: MailProvider, mail: Mail): Promise<SendOutcome> {
  try {
    return await provider.send(mail);
  } catch (error) {
    return { kind: 'unknown', code: 'exception', detail: error instanceof Error ? error.message : String(error) };
  }
}
