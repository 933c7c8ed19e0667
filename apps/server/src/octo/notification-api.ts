import type { NotificationType } from '@carillon/contract';
import type { Party, Result } from '../supplier/index.ts';

/** What a connection asks to be notified of. `url` may carry `user:password@`. */
export interface NotificationRequest {
  readonly notificationTypes: readonly NotificationType[];
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly active: boolean;
  readonly retryOnError: boolean;
}

/** A subscription as it may be shown: no credentials, header values masked. */
export interface NotificationShown extends NotificationRequest {
  readonly id: string;
}

/** What the OCTO face needs of the notifications; each call sees the subscriptions of the party's connection only. */
export interface NotificationApi {
  create(
    by: Party,
    request: NotificationRequest,
  ): Promise<Result<NotificationShown & { readonly signingSecret: string }>>;
  list(by: Party): Promise<readonly NotificationShown[]>;
  get(by: Party, id: string): Promise<NotificationShown | undefined>;
  /** What is left out stays as it is. Undefined: there is no such subscription. */
  patch(by: Party, id: string, change: Partial<NotificationRequest>): Promise<Result<NotificationShown> | undefined>;
  /** False: there is no such subscription. */
  remove(by: Party, id: string): Promise<boolean>;
}
