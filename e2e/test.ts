import { test as base } from '@playwright/test';
import { findChromium } from './chromium.ts';
import { type Carillon, startCarillon } from './server.ts';

interface EachTest {
  /** Skips a test that has no browser; with `CARILLON_TEST_REQUIRE=browser` it fails. */
  readonly browserThere: undefined;
}

interface EachWorker {
  /** A running Carillon, started for the first test that asks for it and shared by the rest. */
  readonly carillon: Carillon;
}

/** Playwright's `test`, with a Carillon to look at. */
export const test = base.extend<EachTest, EachWorker>({
  browserThere: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the pattern which other fixtures this one needs.
    async ({}, use, testInfo) => {
      const found = findChromium(process.env);
      if (found.kind === 'missing') {
        if (process.env.CARILLON_TEST_REQUIRE?.split(',').includes('browser')) throw new Error(found.reason);
        testInfo.skip(true, found.reason);
      }
      await use(undefined);
    },
    { auto: true },
  ],
  carillon: [
    // biome-ignore lint/correctness/noEmptyPattern: as above.
    async ({}, use) => {
      const carillon = await startCarillon();
      await use(carillon);
      await carillon.stop();
    },
    { scope: 'worker', timeout: 60_000 },
  ],
});

export { expect } from '@playwright/test';
