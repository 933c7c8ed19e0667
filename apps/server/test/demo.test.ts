import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

test('the demo ends well: each webhook and each e-mail of its story arrives exactly once and in order', async () => {
  const flags = ['--conditions=source', '--disable-warning=ExperimentalWarning'];
  const demo = spawn(process.execPath, [...flags, main, 'demo'], { stdio: ['ignore', 'pipe', 'pipe'] });
  const code = new Promise<number | null>((resolve) => demo.once('close', resolve));
  const [output, errors] = await Promise.all([text(demo.stdout), text(demo.stderr)]);
  expect({ code: await code, output, errors }).toEqual({
    code: 0,
    output: expect.stringContaining('7 webhooks and 5 e-mails: each arrived exactly once and in order'),
    errors: '',
  });
}, 60_000);
