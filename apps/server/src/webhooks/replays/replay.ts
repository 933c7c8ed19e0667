import type { EventType } from '@carillon/contract';

/** The ends of deliveries that a replay may take: what has not ended is sent anyway. */
export const endedStates = ['delivered', 'gave_up', 'cancelled'] as const;
export type EndedState = (typeof endedStates)[number];

/** Deliveries opened a second, unless somebody wants it otherwise. */
export const usualPerSecond = 50;
/** The most that may be asked for. */
export const mostPerSecond = 1000;

/** What of a webhook's deliveries is to be sent again: only what it was owed; of an event that matched it not, or before it was there, nothing is. */
export interface ReplayRequest {
  /** When they became owed, ms UTC; `to` is excluded, and by default the time of the request. */
  readonly from: number;
  readonly to?: number | undefined;
  /** Default: however they ended. */
  readonly states?: readonly EndedState[] | undefined;
  /** Default: all. */
  readonly events?: readonly EventType[] | undefined;
  readonly perSecond?: number | undefined;
}

/** What a replay takes, as it is stored. */
export interface Wanted {
  readonly states: readonly EndedState[];
  /** Null: all. */
  readonly events: readonly EventType[] | null;
}

/** How far a replay is: after this delivery, in the order in which they became owed. */
export interface Seen {
  readonly at: number;
  readonly id: string;
}

/** `running` until everything that it opened has ended; `cancelling` until everything that it opened has ended or is put back. */
export type ReplayState = 'running' | 'done' | 'cancelling' | 'cancelled';

/** A replay, and what came of it so far. Times are ms UTC. */
export interface Replay extends Wanted {
  readonly id: string;
  readonly webhookId: string;
  readonly from: number;
  readonly to: number;
  readonly perSecond: number;
  readonly state: ReplayState;
  /** Why it was cancelled, or why nothing more is opened for now. */
  readonly reason: string | null;
  /** Deliveries that it was made for. */
  readonly found: number;
  /** Of them: opened to be sent again. */
  readonly opened: number;
  /** Of them: not opened, because their bodies were pruned or they are open already. */
  readonly skipped: number;
  /** Of those opened: arrived again. */
  readonly delivered: number;
  /** Of those opened: given up. */
  readonly failed: number;
  readonly createdAt: number;
  readonly endedAt: number | null;
}

/** A delivery, as far as it tells whether a replay takes it. */
export interface Candidate {
  readonly id: string;
  readonly state: string;
  /** Begins with the event type. */
  readonly lane: string;
  readonly test: number;
  readonly createdAt: number;
}

/** Whether a replay takes a delivery. */
export function isWanted({ states, events }: Wanted, { state, lane, test }: Candidate): boolean {
  if (test === 1 || !(states as readonly string[]).includes(state)) return false;
  return events === null || (events as readonly string[]).includes(lane.slice(0, lane.indexOf('/')));
}

/** Deliveries opened in one transaction. */
export const mostAtOnce = 200;

/** How many a replay opens at once, to be at its pace without a turn for each. */
export function portionOf(perSecond: number): number {
  return Math.min(perSecond, mostAtOnce);
}

/** When a replay that has just opened so many may open more, ms UTC. */
export function nextAt(opened: number, perSecond: number, now: number): number {
  return now + Math.ceil((opened * 1000) / perSecond);
}

/** What a look at the next deliveries comes to: those to be opened, and how far it has come. */
export function taken(
  wanted: Wanted,
  candidates: readonly Candidate[],
  most: number,
): { ids: string[]; seen: Seen | null } {
  const ids: string[] = [];
  let seen: Seen | null = null;
  for (const candidate of candidates) {
    if (ids.length === most) break;
    seen = { at: candidate.createdAt, id: candidate.id };
    if (isWanted(wanted, candidate)) ids.push(candidate.id);
  }
  return { ids, seen };
}
