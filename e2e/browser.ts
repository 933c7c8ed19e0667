import { spawnSync } from 'node:child_process';

/** A Chromium, with the variables that it needs beside those of this process. */
export interface Browser {
  readonly path: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Whether a browser can run here: a shared library may be missing, or a program only say how to install one. */
export function starts(browser: Browser): boolean {
  // On Windows this option opens a window.
  if (process.platform === 'win32') return true;
  const { status } = spawnSync(browser.path, ['--version'], {
    env: { ...process.env, ...browser.env },
    timeout: 30_000,
  });
  return status === 0;
}
