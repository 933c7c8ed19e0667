import { defineConfig } from '@playwright/test';
import { findChromium } from './chromium.ts';

const found = findChromium(process.env);
const browser = found.kind === 'found' ? found.browser : undefined;

export default defineConfig({
  testDir: '.',
  outputDir: '../test-results',
  forbidOnly: Boolean(process.env.CI),
  workers: 1,
  use: {
    browserName: 'chromium',
    headless: true,
    launchOptions: {
      ...(browser && { executablePath: browser.path, env: { ...process.env, ...browser.env } }),
      // The tests talk to this machine only; so should the browser. Playwright turns the sandbox off by itself.
      args: [
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-quic',
        '--disable-sync',
        '--no-first-run',
      ],
    },
    trace: 'retain-on-failure',
  },
});
