import { DatabaseError, type Db, type Tx } from '../../platform/db/index.ts';
import type { Claimed, Lost } from '../messages/message.ts';
import type { MailProvider, SendOutcome } from '../providers/provider.ts';
import { attemptStartedAt, endAttempt } from './attempt-store.ts';
import type { FinishedMessage } from './finished.ts';
import { nextAttemptAt } from './schedule.ts';
import { endMessage, joinFrom, lockHeld, lockNewer, reopenMessage } from './store.ts';

/** What settling needs. `now` gives ms UTC, `random` a number in [0, 1). */
export interface SettlingDeps {
  readonly db: Db;
  readonly now: () => number;
  readonly random: () => number;
}

/**
 * Records what came of an attempt, if the lease is still ours; it took `durationMs`, or null when its worker was lost. A message that
 * was surely not taken is open again, so that it is decided anew when it next leaves, and takes in one that was opened for its order
 * meanwhile. `message.attempts` counts this attempt.
 */
export async function settle(
  message: Claimed,
  outcome: SendOutcome,
  durationMs: number | null,
  deps: SettlingDeps,
): Promise<FinishedMessage | null> {
  for (;;) {
    try {
      return await settleOnce(message, outcome, durationMs, deps);
    } catch (error) {
      // Postgres: another was being opened for the order, in a transaction that nobody could see yet. Now it can be seen.
      if (!(error instanceof DatabaseError && error.kind === 'unique' && error.constraint === 'messages_open'))
        throw error;
    }
  }
}

function settleOnce(
  message: Claimed,
  outcome: SendOutcome,
  durationMs: number | null,
  deps: SettlingDeps,
): Promise<FinishedMessage | null> {
  const { id, leaseToken, supplierId, orderId, attempts } = message;
  return deps.db.transaction(async (tx) => {
    if (!(await lockHeld(tx, { id, leaseToken, state: 'sending' }))) return null;
    const { code, detail } = outcome.kind === 'accepted' ? { code: null, detail: null } : outcome;
    const ref = outcome.kind === 'accepted' ? (outcome.ref ?? null) : null;
    await endAttempt(tx, { messageId: id, number: attempts, outcome: outcome.kind, detail, durationMs, ref });
    const ending = endingOf(outcome, { attempts, lost: durationMs === null }, deps);
    if (ending.state === 'settling') await reopen(tx, message, ending, deps);
    else await endMessage(tx, { id, ...ending, endedAt: deps.now() });
    return { messageId: id, supplierId, orderId, state: ending.state, code, attempts };
  });
}

type Ending =
  | { readonly state: 'sent'; readonly reason: null }
  | { readonly state: 'failed' | 'unknown'; readonly reason: string }
  | { readonly state: 'settling'; readonly reason: string; readonly dueAt: number };

function endingOf(
  outcome: SendOutcome,
  { attempts, lost }: { readonly attempts: number; readonly lost: boolean },
  deps: SettlingDeps,
): Ending {
  switch (outcome.kind) {
    case 'accepted':
      return { state: 'sent', reason: null };
    case 'refused':
      return { state: 'failed', reason: outcome.detail };
    case 'unknown':
      return { state: 'unknown', reason: outcome.detail };
    case 'deferred': {
      const now = deps.now();
      const dueAt = nextAttemptAt(attempts, now, deps.random());
      if (dueAt === null) return { state: 'failed', reason: `Given up after ${attempts} attempts: ${outcome.detail}` };
      // That its worker was lost is no sign of trouble at the provider: nothing to wait for.
      const asked = now + (outcome.retryAfterMs ?? 0);
      return { state: 'settling', reason: outcome.detail, dueAt: lost ? now : Math.max(dueAt, asked) };
    }
  }
}

async function reopen(
  tx: Tx,
  { id, supplierId, orderId, kind }: Claimed,
  { reason, dueAt }: { readonly reason: string; readonly dueAt: number },
  deps: SettlingDeps,
): Promise<void> {
  const newer = kind === 'news' ? await lockNewer(tx, supplierId, orderId) : undefined;
  if (newer !== undefined) {
    await joinFrom(tx, newer, id);
    const joined = `It joined message ${id} of the same order, which had not left yet.`;
    await endMessage(tx, { id: newer, state: 'skipped', reason: joined, endedAt: deps.now() });
  }
  await reopenMessage(tx, { id, reason, dueAt });
}

/** For how long a provider is asked for its records that cannot be read, ms. */
const mostAskingMs = 24 * 3_600_000;

/**
 * Settles a message whose worker was lost while it handed it over, or whose provider did not say what came of it: by the provider's
 * records, where it keeps some. Nobody else can tell; then it stays unknown, shown to the operator, and is not sent again by itself.
 * Null while the records may still lack it: it is asked again when the lease is over.
 */
export async function settleLost(
  message: Lost,
  provider: MailProvider | undefined,
  deps: SettlingDeps,
): Promise<FinishedMessage | null> {
  const unknown: SendOutcome = { kind: 'unknown', code: 'lost', detail: maybeArrived };
  if (provider?.find === undefined) return settle(message, unknown, null, deps);
  const startedAt = (await attemptStartedAt(deps.db, message.id, message.attempts)) ?? 0;
  const sinceMs = deps.now() - startedAt;
  let arrived: boolean;
  try {
    arrived = await provider.find(message.headerId);
  } catch (error) {
    if (sinceMs < mostAskingMs) throw error;
    return settle(message, unknown, null, deps);
  }
  if (!arrived && sinceMs < (provider.recordsLagMs ?? 0)) return null;
  const outcome: SendOutcome = arrived
    ? { kind: 'accepted' }
    : { kind: 'deferred', code: 'lost', detail: didNotArrive };
  return settle(message, outcome, null, deps);
}

const maybeArrived =
  'It was being handed over, and no answer came. Whether it arrived is not known; it is not sent again by itself.';
const didNotArrive = 'It was being handed over, and did not arrive.';
