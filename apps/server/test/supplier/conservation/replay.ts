import {
  type AnyDocument,
  type CapabilityId,
  type EventType,
  followsClock,
  objectKeys,
  view,
} from '@carillon/contract';
import { apply, diff, invert, type Json, type Operation } from '@carillon/diff';
import { expect } from 'vitest';
import type { RecordedEvent } from '../../../src/changes/index.ts';
import type { Db } from '../../../src/platform/db/index.ts';

/** The documents that the diffs of events lead to, by type and subject: each event goes on where the one before it ended. */
export function replayed(events: readonly RecordedEvent[]): Map<string, Json> {
  const documents = new Map<string, Json>();
  for (const { type, subjectId, before, after, position } of events) {
    const key = `${type}/${subjectId}`;
    const known = documents.get(key);
    if (known !== undefined) expect(before).toEqual(known);
    // The products were there before.
    else if (type !== 'product_update') expect(position).toBe(1);
    const from = (before ?? after) as unknown as Json;
    documents.set(key, apply(from, diff(from, after as unknown as Json)));
  }
  return documents;
}

interface Sent {
  readonly webhook_id: string;
  readonly lane: string;
  readonly body: string;
}

/** What a webhook knows at last of a subject, by the diffs that are owed to it alone. */
export interface Known {
  readonly webhookId: string;
  /** As `replayed` names subjects. */
  readonly subject: string;
  readonly document: Json;
}

/** Follows the diffs of every webhook from the object before its first one; each must lead to the object that was sent with it. */
export async function followed(db: Db, typeOf: ReadonlyMap<string, EventType>): Promise<Known[]> {
  const sent = await db.all<Sent>(
    `select d.webhook_id, d.lane, v.body from deliveries d join views v on v.id = d.view_id order by d.position`,
  );
  const known = new Map<string, Known>();
  for (const { webhook_id: webhookId, lane, body } of sent) {
    const type = typeOf.get(webhookId);
    if (type === undefined) throw new Error(`Nobody made the webhook ${webhookId}`);
    const payload = JSON.parse(`{${body}}`) as Record<string, Json> & { readonly diff: readonly Operation[] };
    const object = payload[objectKeys[type]] as Json;
    const key = `${webhookId} ${lane}`;
    const before = known.get(key)?.document ?? apply(object, invert(payload.diff));
    const document = apply(before, payload.diff);
    // What follows the clock takes no part in diffs.
    expect(diff(document, object, { ignore: (path) => unseen(type, path) })).toEqual([]);
    known.set(key, { webhookId, subject: lane, document });
  }
  return [...known.values()];
}

/** Expects that what a webhook knows is what an audience sees of a document at `now` (ms UTC). */
export function expectSeen(
  { document }: Known,
  type: EventType,
  current: AnyDocument,
  audience: { readonly capabilities: readonly CapabilityId[]; readonly now: number },
): void {
  const capabilities = new Set(audience.capabilities);
  const seen = view(type, current, { capabilities, language: 'en', fallback: 'en' }, audience.now);
  expect(diff(document, seen, { ignore: (path) => unseen(type, path) })).toEqual([]);
}

/** A touch alone makes no delivery. */
const unseen = (type: EventType, path: readonly (string | number)[]): boolean =>
  path.at(-1) === 'utcUpdatedAt' || followsClock(type, path);
