/** Ms since the epoch with fractions; processes of one machine agree on it to about a tenth of a millisecond. */
export const nowMs = (): number => performance.timeOrigin + performance.now();
