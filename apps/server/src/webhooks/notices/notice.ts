import type { EventType } from '@carillon/contract';
import type { thinEvent } from '../subscriptions/webhook.ts';

/** What an operator is told: a webhook is going to be disabled, was disabled, or answers again after the warning. */
export type NoticeKind = 'webhook_failing' | 'webhook_disabled' | 'webhook_recovered';

/** What there is to tell of a webhook. Times are ms UTC. */
export interface News {
  readonly kind: NoticeKind;
  readonly webhookId: string;
  /** When the first attempt of those failed that no success has followed; null: not known. */
  readonly since: number | null;
  /** Attempts that failed since the last success. */
  readonly failures: number;
  readonly lastError: string | null;
  /** Why it was disabled; null: it was not. */
  readonly reason: string | null;
  /** When it is going to be disabled at the earliest; null: it is not. */
  readonly disablesAt: number | null;
  readonly at: number;
}

/** Whom it is about, as an operator knows them. */
export interface NoticeSubject {
  readonly supplier: { readonly id: string; readonly name: string };
  readonly webhook: {
    readonly id: string;
    readonly event: EventType | typeof thinEvent;
    readonly url: string;
    readonly connectionId: string;
  };
}

/** A notice as the operational webhook is sent it, keys in this order. Times are ISO 8601, UTC. */
export interface NoticeBody extends NoticeSubject {
  readonly event: NoticeKind;
  readonly since: string | null;
  readonly failures: number;
  readonly lastError: string | null;
  readonly reason: string | null;
  readonly disablesAt: string | null;
  readonly at: string;
}

const isoOf = (ms: number): string => new Date(ms).toISOString();

/** What is sent, made once: every attempt sends the same. */
export function bodyOf(news: News, { supplier, webhook }: NoticeSubject): NoticeBody {
  return {
    event: news.kind,
    supplier,
    webhook,
    since: news.since === null ? null : isoOf(news.since),
    failures: news.failures,
    lastError: news.lastError,
    reason: news.reason,
    disablesAt: news.disablesAt === null ? null : isoOf(news.disablesAt),
    at: isoOf(news.at),
  };
}
