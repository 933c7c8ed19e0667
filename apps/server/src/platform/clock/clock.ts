/** The wall clock: milliseconds since 1970 UTC. Decisions take `now`; what needs the present time takes a Clock. */
export type Clock = () => number;

/** The machine's own clock. */
export const systemClock: Clock = () => Date.now();
