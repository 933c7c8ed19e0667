import type { Outbound, Reply } from '../../platform/outbound/index.ts';
import { engineLimits } from '../sending/limits.ts';
import { type Outcome, outcomeOf } from '../sending/outcome.ts';
import { next } from '../sending/schedule.ts';
import { signature, signingKey } from '../sending/signature.ts';
import type { Seal } from '../subscriptions/webhook.ts';
import { type Letter, letterOf } from './letter.ts';
import type { NoticeBody } from './notice.ts';
import type { Telling, Told } from './store.ts';

/** An e-mail to an operator; the same id in every attempt. */
export interface OperatorMail extends Letter {
  readonly id: string;
  readonly supplierId: string;
  readonly to: string;
}

/** What came of handing an e-mail over. `unknown`: it may have been taken. */
export type MailOutcome =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'deferred' | 'refused' | 'unknown'; readonly detail: string };

/** What telling takes. `random` is in [0, 1). */
export interface TellingDeps {
  readonly outbound: Outbound;
  readonly seal: Seal;
  readonly sendMail: (mail: OperatorMail) => Promise<MailOutcome>;
  readonly now: () => number;
  readonly random: () => number;
  readonly userAgent: string;
}

/** Tells a notice once, and gives where that leads; what fails is tried again by the schedule of deliveries. */
export async function tell(telling: Telling, deps: TellingDeps): Promise<Told> {
  if (telling.address !== null) return afterMail(telling, await mailed(telling, telling.address, deps), deps);
  if (telling.url === null || telling.secret === null) {
    const reason = 'there is no operational webhook any more';
    return { ...telling, state: 'cancelled', reason, dueAt: deps.now(), endedAt: deps.now() };
  }
  const reply = await called(telling, telling.url, telling.secret, deps);
  // We stopped: whoever claims it next tells it.
  if (reply.kind === 'failed' && reply.reason === 'aborted') return putBack(telling, deps.now());
  return after(telling, outcomeOf(reply, deps.now()), deps);
}

const putBack = (telling: Telling, dueAt: number): Told => ({
  ...telling,
  state: 'pending',
  reason: null,
  dueAt,
  endedAt: null,
});

function after(telling: Telling, outcome: Outcome, { now, random }: TellingDeps): Told {
  const at = now();
  const then = next(outcome, { step: telling.step, retryOnError: true, delaysMs: null, now: at, random: random() });
  const ended = { ...telling, step: then.step, dueAt: at, endedAt: at };
  switch (then.state) {
    case 'delivered':
      return { ...ended, state: 'told', reason: null };
    case 'gave_up':
      return { ...ended, state: 'gave_up', reason: then.reason };
    case 'pending':
      return { ...ended, state: 'pending', reason: reasonOf(outcome), dueAt: then.dueAt, endedAt: null };
  }
}

const reasonOf = (outcome: Outcome): string =>
  outcome.kind === 'unreachable' ? outcome.detail : `it answered ${outcome.status}`;

function afterMail(telling: Telling, outcome: MailOutcome, deps: TellingDeps): Told {
  if (outcome.kind === 'accepted') return after(telling, { kind: 'accepted', status: 250 }, deps);
  const { kind, detail } = outcome;
  if (kind === 'refused') {
    const at = deps.now();
    return { ...telling, state: 'gave_up', reason: detail, step: telling.step + 1, dueAt: at, endedAt: at };
  }
  // One too many harms an operator less than none: what may have arrived is sent again, unlike e-mails to guests.
  return after(telling, { kind: 'unreachable', reason: 'mail', detail }, deps);
}

async function mailed(telling: Telling, to: string, deps: TellingDeps): Promise<MailOutcome> {
  const { id, supplierId } = telling;
  try {
    return await deps.sendMail({ id, supplierId, to, ...letterOf(JSON.parse(telling.body) as NoticeBody) });
  } catch (error) {
    return { kind: 'unknown', detail: error instanceof Error ? error.message : String(error) };
  }
}

function called(telling: Telling, url: string, secret: string, deps: TellingDeps): Promise<Reply> {
  const { id, supplierId } = telling;
  const body = Buffer.from(telling.body, 'utf8');
  const timestamp = Math.floor(deps.now() / 1000);
  const headers = [
    'content-type',
    'application/json',
    'user-agent',
    deps.userAgent,
    'webhook-id',
    id,
    'webhook-timestamp',
    String(timestamp),
    'webhook-signature',
    signature([signingKey(deps.seal.open(secret))], id, timestamp, body),
  ];
  const { timeoutMs, maxResponseBytes } = engineLimits;
  return deps.outbound.post({ pool: `alerts of ${supplierId}`, url, headers, body, timeoutMs, maxResponseBytes });
}
