import type { Reading } from '../../changes/index.ts';
import type { Db } from '../../platform/db/index.ts';
import type { MessageFacts } from '../facts.ts';
import type { Claimed } from '../messages/message.ts';
import { messageBookings } from '../messages/store.ts';
import type { MailProvider, SendOutcome } from '../providers/provider.ts';
import type { Render, RenderedMail } from '../rendering/render.ts';
import type { Suppliers } from '../suppliers.ts';
import { decide } from './decision.ts';
import type { FinishedMessage } from './finished.ts';
import { settle } from './settle.ts';
import { type Looked, lookAt, sameBookings } from './situation.ts';
import { endMessage, insertAttempt, lockHeld, releaseMessage, startSending } from './store.ts';

/** What a message needs to leave. `now` gives ms UTC, `random` a number in [0, 1). */
export interface LeavingDeps {
  readonly db: Db;
  readonly changes: Reading;
  readonly suppliers: Suppliers;
  readonly render: Render;
  readonly provider: MailProvider;
  /** The right side of every Message-ID: a name of this installation. */
  readonly host: string;
  readonly leaseMs: number;
  readonly now: () => number;
  readonly newId: () => string;
  readonly random: () => number;
}

/** How often a message is looked at anew because something joined it in between, before somebody else gets a turn. */
const mostLooks = 5;

/**
 * Lets a claimed message leave: decides what it says by the state of its bookings now, renders it, freezes it, hands it over and
 * records what came of it. Null when it did not leave because it was no longer ours or did not come to rest.
 */
export async function leave(message: Claimed, deps: LeavingDeps): Promise<FinishedMessage | null> {
  for (let look = 0; look < mostLooks; look += 1) {
    const at = deps.now();
    const looked = await lookAt(deps.db, message, deps, at);
    const decision = decide(looked.situation);
    if (decision.kind === 'skip') {
      const skipped = await end(message, looked, { state: 'skipped', reason: decision.reason }, deps);
      if (skipped !== 'changed') return skipped;
      continue;
    }
    const headerId = message.headerId ?? `<${message.id}@${deps.host}>`;
    const rendered = await renderedOf(decision.facts, headerId, at, deps.render);
    if (rendered.kind === 'failed') {
      const failed = await end(message, looked, { state: 'failed', reason: rendered.reason }, deps);
      if (failed !== 'changed') return failed;
      continue;
    }
    const frozen = await freeze(message, looked, decision.facts.campaign.id, rendered.mail, deps);
    if (frozen === 'lost') return null;
    if (frozen === 'frozen') return handOver(message, rendered.mail, deps);
  }
  await releaseMessage(deps.db, message);
  return null;
}

type Rendered =
  | { readonly kind: 'rendered'; readonly mail: RenderedMail }
  | { readonly kind: 'failed'; readonly reason: string };

/** A message that cannot be rendered would fail again each time: it ends, with what is wrong. */
async function renderedOf(facts: MessageFacts, messageId: string, now: number, render: Render): Promise<Rendered> {
  try {
    return { kind: 'rendered', mail: await render(facts, { messageId, now }) };
  } catch (error) {
    return {
      kind: 'failed',
      reason: `It could not be rendered: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}

function end(
  message: Claimed,
  looked: Looked,
  ending: { readonly state: 'skipped' | 'failed'; readonly reason: string },
  deps: LeavingDeps,
): Promise<FinishedMessage | 'changed' | null> {
  const { id, leaseToken, supplierId, orderId, attempts } = message;
  return deps.db.transaction(async (tx) => {
    if (!(await lockHeld(tx, { id, leaseToken, state: 'settling' }))) return null;
    if (!sameBookings(looked.bookings, await messageBookings(tx, id))) return 'changed';
    await endMessage(tx, { id, ...ending, endedAt: deps.now() });
    return { messageId: id, supplierId, orderId, state: ending.state, code: null, attempts };
  });
}

/** Commits what the message says before anyone is given it, unless something joined it since it was looked at. */
function freeze(
  message: Claimed,
  looked: Looked,
  campaignId: string,
  mail: RenderedMail,
  deps: LeavingDeps,
): Promise<'frozen' | 'changed' | 'lost'> {
  const { id, leaseToken } = message;
  const provider = deps.provider.name;
  const number = message.attempts + 1;
  return deps.db.transaction(async (tx) => {
    if (!(await lockHeld(tx, { id, leaseToken, state: 'settling' }))) return 'lost';
    if (!sameBookings(looked.bookings, await messageBookings(tx, id))) return 'changed';
    await Promise.all([
      startSending(tx, { id, campaignId, number, provider, leaseMs: deps.leaseMs, mail }),
      insertAttempt(tx, { id: deps.newId(), messageId: id, number, provider, startedAt: deps.now() }),
    ]);
    return 'frozen';
  });
}

async function handOver(message: Claimed, mail: RenderedMail, deps: LeavingDeps): Promise<FinishedMessage | null> {
  const startedAt = deps.now();
  const outcome = await outcomeOf(deps.provider, mail);
  // The provider's records will tell, when the lease is over; a provider without records never will.
  if (outcome.kind === 'unknown' && deps.provider.find !== undefined) return null;
  const attempt = { ...message, attempts: message.attempts + 1 };
  return settle(attempt, outcome, deps.now() - startedAt, deps);
}

async function outcomeOf(provider: MailProvider, mail: RenderedMail): Promise<SendOutcome> {
  try {
    return await provider.send(mail);
  } catch (error) {
    return { kind: 'unknown', code: 'exception', detail: error instanceof Error ? error.message : String(error) };
  }
}
