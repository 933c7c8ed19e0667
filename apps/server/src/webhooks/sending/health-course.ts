import type { Tx } from '../../platform/db/index.ts';
import type { News } from '../notices/notice.ts';
import type { Finished } from './finished.ts';
import { type Health, healthAfter, healthy } from './health.ts';
import { type KeptHealth, lockHealth, writeHealth } from './health-store.ts';

/** How the health of a webhook went. */
export interface Course {
  readonly before: Health;
  readonly after: Health;
}

/** How the health of the webhooks of a batch went, with what was kept of it before, and what went wrong last. */
export interface Healths {
  readonly healths: ReadonlyMap<string, Course>;
  readonly kept: ReadonlyMap<string, KeptHealth>;
  readonly errors: ReadonlyMap<string, string | null>;
}

const nothingNew: Healths = { healths: new Map(), kept: new Map(), errors: new Map() };

/** Stores how it goes with the webhooks of a batch, of those for which there is something new. */
export async function storeHealth(
  tx: Tx,
  batch: readonly Finished[],
  isHealthy: (webhookId: string) => boolean,
): Promise<Healths> {
  const tried = batch.flatMap(({ webhookId, tried }) => (tried === null ? [] : [{ webhookId, ...tried }]));
  const news = new Set(
    tried.filter(({ webhookId, failed }) => failed || !isHealthy(webhookId)).map(({ webhookId }) => webhookId),
  );
  if (news.size === 0) return nothingNew;
  const kept = await lockHealth(tx, [...news].sort());
  const after = new Map([...kept].map(([id, { health }]) => [id, health]));
  for (const { webhookId, ...one } of tried) {
    const health = after.get(webhookId);
    if (health !== undefined) after.set(webhookId, healthAfter(health, one));
  }
  const errors = new Map(
    batch.flatMap(({ webhookId, tried, attempt }) => (tried?.failed ? [[webhookId, attempt?.detail ?? null]] : [])),
  );
  writeHealth(tx, after, errors);
  const healths = new Map(
    [...after].map(([id, health]) => [id, { before: kept.get(id)?.health ?? healthy, after: health }]),
  );
  return { healths, kept, errors };
}

/** What there is to tell operators: webhooks that a batch disabled, and those that answer again after a warning. */
export function newsOf({ healths, kept, errors }: Healths, disabled: ReadonlyMap<string, string>, at: number): News[] {
  const news = [...disabled].map(([webhookId, reason]): News => {
    const health = healths.get(webhookId)?.after ?? healthy;
    const { failingSince: since, failures } = health;
    const lastError = errors.get(webhookId) ?? null;
    return { kind: 'webhook_disabled', webhookId, since, failures, lastError, reason, disablesAt: null, at };
  });
  for (const [webhookId, { before, after }] of healths) {
    const { warnedAt, lastError } = kept.get(webhookId) ?? { warnedAt: null, lastError: null };
    if (warnedAt === null || after.failingSince !== null) continue;
    const { failingSince: since, failures } = before;
    news.push({ kind: 'webhook_recovered', webhookId, since, failures, lastError, reason: null, disablesAt: null, at });
  }
  return news;
}
