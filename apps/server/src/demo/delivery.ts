/** One operation of a diff, as far as it is printed. */
export interface DiffOperation {
  readonly op: string;
  readonly path: string;
  readonly was?: unknown;
  readonly value?: unknown;
}

/** A delivery as the receiver reports it, one JSON line each. */
export interface Delivery {
  readonly id: string;
  /** Whether its signature is valid. */
  readonly signed: boolean;
  readonly event: string;
  /** `content-language`. */
  readonly language: string;
  /** The booking that it is about. */
  readonly uuid: string;
  readonly diff: readonly DiffOperation[];
}

/** What a webhook's body looks like to its receiver. */
export interface WebhookBody {
  readonly event: string;
  readonly booking: { readonly uuid: string };
  readonly diff: readonly DiffOperation[];
}
