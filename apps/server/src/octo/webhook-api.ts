import type { CapabilityId, DocumentOf, EventType } from '@carillon/contract';
import type { Party, Result } from '../supplier/index.ts';

/** What a connection asks of a webhook. `url` may carry `user:password@`. */
export interface WebhookRequest {
  readonly event: EventType;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly capabilities: readonly CapabilityId[];
  readonly useContactLanguage: boolean;
  readonly retryOnError: boolean;
}

/** A webhook as it may be shown: no credentials, header values masked. */
export interface WebhookShown {
  readonly id: string;
  readonly event: EventType;
  readonly url: string;
  readonly retryOnError: boolean;
  readonly useContactLanguage: boolean;
  readonly headers: Readonly<Record<string, string>>;
  readonly capabilities: readonly CapabilityId[];
}

/** What the OCTO face needs of the webhooks; each call sees those of the party's connection only. */
export interface WebhookApi {
  create(by: Party, request: WebhookRequest): Promise<Result<WebhookShown & { readonly signingSecret: string }>>;
  list(by: Party): Promise<readonly WebhookShown[]>;
  get(by: Party, id: string): Promise<WebhookShown | undefined>;
  /** Makes the change that `change` wants of the webhook as it is. Undefined: there is no such webhook. */
  patch(
    by: Party,
    id: string,
    change: (current: WebhookShown) => Partial<WebhookRequest>,
  ): Promise<Result<WebhookShown> | undefined>;
  /** False: there is no such webhook. */
  remove(by: Party, id: string): Promise<boolean>;
  /** How many were deleted: those to this URL, of one event or of all. */
  removeByUrl(by: Party, target: { readonly url: string; readonly event?: EventType }): Promise<number>;
}

/** A document as it is now, of the type that a webhook is told of. */
export type CurrentDocument = {
  readonly [T in EventType]: { readonly type: T; readonly document: DocumentOf[T] };
}[EventType];

/** What the OCTO face needs to test a webhook. */
export interface TriggerApi {
  /**
   * Sends a document to a webhook of the party, and gives what came of it. Undefined: there is no such webhook; `busy`: too many
   * tests are under way.
   */
  trigger(by: Party, webhookId: string, current: CurrentDocument): Promise<object | 'busy' | undefined>;
}
