/** How many runs a property test makes: `atScaleOne` times `CARILLON_TEST_SCALE` (default 1; `npm run test:long` sets it higher). */
export function runs(atScaleOne: number): number {
  return Math.ceil(atScaleOne * Number(process.env.CARILLON_TEST_SCALE ?? 1));
}
