/**
 * Why a call was refused. Each kind is one of OCTO's error codes (INVALID_PRODUCT_ID, …, UNPROCESSABLE_ENTITY, BAD_REQUEST);
 * `order` is INVALID_ORDER_ID, which OCTO lacks. A message is a sentence that names the field.
 */
export type Refusal =
  | { readonly kind: 'product'; readonly productId: string }
  | { readonly kind: 'option'; readonly optionId: string }
  | { readonly kind: 'unit'; readonly unitId: string }
  /** The id is empty where none was given and one is needed. */
  | { readonly kind: 'availability'; readonly availabilityId: string }
  /** Unknown, not this connection's, a uuid that was used with another payload, or a hold that is past its time. */
  | { readonly kind: 'booking'; readonly uuid: string }
  | { readonly kind: 'order'; readonly orderId: string }
  /** Well formed, but it cannot be: sold out, restrictions, a cut-off that has passed, the wrong state. */
  | { readonly kind: 'unprocessable'; readonly message: string }
  | { readonly kind: 'bad_request'; readonly message: string };

/** The outcome of a call that could not be answered. */
export interface Refused {
  readonly ok: false;
  readonly refusal: Refusal;
}

/** The outcome of a call: its value, or why it was refused; a refused call has changed nothing. */
export type Result<T> = { readonly ok: true; readonly value: T } | Refused;

/** An outcome that has a value. */
export function done<T>(value: T): Result<T> {
  return { ok: true, value };
}

/** An outcome that has none. */
export function refuse(refusal: Refusal): Refused {
  return { ok: false, refusal };
}

/** A refusal of something well formed that cannot be; `message` is a sentence. */
export function unprocessable(message: string): Refused {
  return refuse({ kind: 'unprocessable', message });
}
