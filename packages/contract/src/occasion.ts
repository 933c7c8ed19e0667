/** Everything that an event, or the passing of time, can mean to a guest. */
export const occasions = [
  'confirmed',
  'cancelled',
  'rescheduled',
  'updated',
  'expired',
  'refunded',
  'paid',
  'tickets_changed',
  'contact_changed',
  'visit_ahead',
  'visit_over',
] as const;
/** One thing that an event, or the passing of time, can mean to a guest. */
export type Occasion = (typeof occasions)[number];

/** An occasion and, in one sentence, what in the payload makes it one. */
export interface Finding {
  readonly occasion: Occasion;
  readonly reason: string;
}
