import type { EventType } from '@carillon/contract';
import type { Db } from '../../platform/db/index.ts';
import type { Log } from '../../platform/log/index.ts';
import type { Outbound } from '../../platform/outbound/index.ts';
import type { Answer } from '../authentication/answer.ts';
import { createPosting } from '../authentication/posting.ts';
import { endpointRow, laneOf } from '../deliveries/delivery.ts';
import { endpointCache } from '../sending/endpoint.ts';
import { attemptOf } from '../sending/finished.ts';
import { engineLimits } from '../sending/limits.ts';
import { outcomeOf } from '../sending/outcome.ts';
import { requestOf } from '../sending/request.ts';
import { webhookById } from '../subscriptions/store.ts';
import { currentVersions } from '../subscriptions/version-store.ts';
import type { Party, Seal } from '../subscriptions/webhook.ts';
import { currentView } from '../transformations/current-view.ts';
import { audienceOf } from '../views/audience.ts';
import { insertTest, settleTest } from './store.ts';
import { type Current, subjectIdOf } from './subject.ts';

/** What came of a test: its delivery, and its only attempt. */
export interface TestResult {
  /** Of the delivery; also its header `webhook-id`. */
  readonly id: string;
  readonly webhookId: string;
  readonly event: EventType;
  readonly test: true;
  readonly state: 'delivered' | 'gave_up';
  /** Of the answer; null: there was none. */
  readonly status: number | null;
  readonly durationMs: number;
  /** The first 16 KiB of the answer; null: there was none. */
  readonly response: string | null;
  /** Why there was no answer: dns, refused, tls, timeout, forbidden_address, … */
  readonly reason: string | null;
  /** Why it was not delivered, in words. */
  readonly detail: string | null;
}

/** Sends tests of webhooks (Ventrata's trigger). */
export interface Triggers {
  /**
   * Sends a document to a webhook of the connection, as after a change that changed nothing (an empty diff), with the header
   * `carillon-test: true`. Once and at once, whatever the state of the webhook, which it does not change; beside its lane, which
   * it does not hold up. Undefined: the connection has no such webhook, or it is told of something else; `busy`: as many tests are
   * under way as may be, of the connection or in this process.
   */
  trigger(by: Party, webhookId: string, current: Current): Promise<TestResult | 'busy' | undefined>;
}

/** What tests are sent with. */
export interface TriggerDeps {
  readonly db: Db;
  readonly outbound: Pick<Outbound, 'post' | 'closePool'>;
  readonly seal: Seal;
  readonly log: Log;
  readonly now: () => number;
  readonly newId: () => string;
  readonly userAgent: string;
}

/** What a test says of itself until its attempt is stored. */
const unfinished = 'the test was cut short';

/** Tests under way at once, of one connection and in this process: each has a socket that a delivery could have. */
const mostOfConnection = 4;
const mostInAll = 16;

/** See `Triggers`. */
export function createTriggers(deps: TriggerDeps): Triggers {
  const { db, outbound, log, now, newId } = deps;
  const endpoint = endpointCache(deps.seal, deps.userAgent);
  const post = createPosting({ outbound, now });
  const { timeoutMs, maxResponseBytes } = engineLimits;
  /** The connections that each of the tests under way is of. */
  const underWay: string[] = [];

  async function test(by: Party, webhookId: string, current: Current): Promise<TestResult | undefined> {
    const webhook = await webhookById(db.reader, { supplierId: by.supplierId, id: webhookId });
    if (webhook?.connectionId !== by.connectionId) return undefined;
    if (webhook.thin || !webhook.events.includes(current.type)) return undefined;
    const target = endpoint(endpointRow(webhook));
    const versions = await currentVersions(db.reader, webhookId);
    const { type, document } = current;
    const audience = audienceOf(webhook, [...versions.keys()], type, document);
    const version = versions.get(audience.language);
    if (version === undefined) throw new Error(`The webhook ${webhookId} has no version in ${audience.language}.`);

    const startedAt = now();
    const deliveryId = newId();
    const { problem, ...view } = {
      id: newId(),
      ...currentView({ webhook, audience, version, deliveryId }, current, startedAt),
    };
    const content = {
      deliveryId,
      event: type,
      thin: false,
      outOfOrder: false,
      language: view.language,
      versionBody: version.body,
      viewBody: view.body,
      form: view.form,
      viewHeaders: view.headers,
    };
    const { supplierId } = by;
    const lane = laneOf(type, subjectIdOf(current));
    const stored = { supplierId, webhookId, webhookVersionId: version.id, view, lane, createdAt: startedAt };
    await insertTest(db, { ...stored, id: content.deliveryId, reason: unfinished });

    const { headers, body } = requestOf(content, target, startedAt);
    // Connections of its own, closed at once: those of the webhook may all be waiting for a slow receiver.
    const pool = `${webhookId} test`;
    const sent = { pool, headers: [...headers, 'carillon-test', 'true'], body, timeoutMs, maxResponseBytes };
    const reply: Answer =
      problem === null
        ? await post(target, sent)
        : { kind: 'failed', reason: 'invalid', detail: problem, durationMs: 0 };
    outbound.closePool(pool);
    const outcome = outcomeOf(reply, now());
    const attempt = attemptOf(content, reply, outcome, { startedAt, newId });
    const state = outcome.kind === 'accepted' ? 'delivered' : 'gave_up';
    await settleTest(db, { attempt, state, now: now() });
    const { deliveryId: id, status, durationMs, response, reason, detail } = attempt;
    log.info({ code: 'delivery.test', delivery: id, webhook: webhookId, state, status, reason, durationMs }, 'a test');
    return { id, webhookId, event: type, test: true, state, status, durationMs, response, reason, detail };
  }

  return {
    async trigger(by, webhookId, current) {
      const { connectionId } = by;
      const ofConnection = underWay.filter((each) => each === connectionId).length;
      if (underWay.length >= mostInAll || ofConnection >= mostOfConnection) return 'busy';
      underWay.push(connectionId);
      try {
        return await test(by, webhookId, current);
      } finally {
        underWay.splice(underWay.indexOf(connectionId), 1);
      }
    },
  };
}
