import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from '@playwright/test';
import { type Browser, starts } from './browser.ts';
import { bundledBrowsers } from './bundled-chromium.ts';

/** A browser that starts, or why there is none and what to do about it. */
export type Found =
  | { readonly kind: 'found'; readonly browser: Browser }
  | { readonly kind: 'missing'; readonly reason: string };

const programs = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const applications = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** The browser for the browser tests: `E2E_CHROMIUM`, Playwright's own, one of this machine, or the one that npm installed. */
export function findChromium(env: NodeJS.ProcessEnv): Found {
  if (env.E2E_CHROMIUM) {
    const browser = { path: env.E2E_CHROMIUM, env: {} };
    if (starts(browser)) return { kind: 'found', browser };
    return { kind: 'missing', reason: `E2E_CHROMIUM is ${browser.path}, which does not start` };
  }
  const folders = (env.PATH ?? '').split(delimiter);
  const paths = [
    chromium.executablePath(),
    ...folders.flatMap((folder) => programs.map((program) => join(folder, program))),
    ...applications,
  ];
  const browser =
    paths
      .filter((path) => existsSync(path))
      .map((path) => ({ path, env: {} }))
      .find(starts) ?? bundledBrowsers().find(starts);
  if (browser) return { kind: 'found', browser };
  return {
    kind: 'missing',
    reason: 'no Chromium starts on this machine; install one with: npx playwright install --with-deps chromium',
  };
}
