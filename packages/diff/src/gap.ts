/** A stretch of two arrays that is not matched yet: `before` to `beforeEnd` of one stands against `after` to `afterEnd` of the other. */
export interface Gap {
  readonly before: number;
  readonly beforeEnd: number;
  readonly after: number;
  readonly afterEnd: number;
}
