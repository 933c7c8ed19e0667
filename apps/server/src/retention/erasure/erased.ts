/** How much was erased of a guest. */
export interface Erased {
  /** Orders of theirs. */
  readonly orders: number;
  /** Events whose documents told of them. */
  readonly events: number;
  /** Bodies of deliveries. */
  readonly bodies: number;
  /** Deliveries that had not ended, and are cancelled. */
  readonly cancelled: number;
  /** Answers of receivers. */
  readonly answers: number;
  /** E-mails of their orders, whoever they were to: address, subject and text. */
  readonly messages: number;
  /** E-mails in the built-in mailbox. */
  readonly mails: number;
}

/** Nothing yet. */
export const nothingErased: Erased = {
  orders: 0,
  events: 0,
  bodies: 0,
  cancelled: 0,
  answers: 0,
  messages: 0,
  mails: 0,
};

/** Both together. */
export function sumOf(one: Erased, other: Partial<Erased>): Erased {
  const keys = Object.keys(nothingErased) as (keyof Erased)[];
  return Object.fromEntries(keys.map((key) => [key, one[key] + (other[key] ?? 0)])) as unknown as Erased;
}
