import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from './browser.ts';

const cache = fileURLToPath(new URL('../node_modules/.cache', import.meta.url));

/**
 * The Chromium of `@sparticuz/chromium`, unpacked at the first use (about 3 s, 200 MB): with the libraries of this machine, and
 * with those that came along, for a bare one. The package holds a program for Linux on x64 only.
 */
export function bundledBrowsers(): Browser[] {
  if (process.platform !== 'linux' || process.arch !== 'x64') return [];
  const folder = unpacked();
  const path = join(folder, 'chromium');
  const env = { FONTCONFIG_FILE: join(folder, 'fonts.conf') };
  return [
    { path, env },
    { path, env: { ...env, LD_LIBRARY_PATH: join(folder, 'al2023', 'lib') } },
  ];
}

function unpacked(): string {
  // Not exported by the package: its entry is build/index.js.
  const home = dirname(dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')));
  const { version } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as { version: string };
  const folder = join(cache, `chromium-${version}`);
  if (existsSync(folder)) return folder;

  // Moved into place whole, so that a run that is stopped here, or another at the same time, leaves no half of it.
  mkdirSync(cache, { recursive: true });
  const half = mkdtempSync(`${folder}-`);
  try {
    inflate(join(home, 'bin'), half);
    writeFileSync(join(half, 'fonts.conf'), fontsConf(join(folder, 'fonts')));
    // Both are the owner's alone so far, and another user may run the next tests.
    for (const path of [half, join(half, 'chromium')]) chmodSync(path, 0o755);
    renameSync(half, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  } finally {
    rmSync(half, { recursive: true, force: true });
  }
  return folder;
}

/** The package unpacks into the temporary directory and nowhere else, so it does that in a process that has its own. */
function inflate(archives: string, into: string): void {
  const script = `
    import { inflate } from '@sparticuz/chromium';
    const names = ['chromium.br', 'fonts.tar.br', 'swiftshader.tar.br', 'al2023.tar.br'];
    await Promise.all(names.map((name) => inflate(process.argv[1] + '/' + name)));`;
  execFileSync(process.execPath, ['--input-type=module', '--eval', script, archives], {
    cwd: dirname(fileURLToPath(import.meta.url)),
    env: { ...process.env, TMPDIR: into },
  });
}

/** The machine's fonts if it has any, and those that came along. */
function fontsConf(fonts: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>${fonts}</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
`;
}
