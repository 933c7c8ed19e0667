import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { check } from './module-map.js';

/** A small workspace that keeps the map. */
const sound = {
  'package.json': '{}',
  'apps/server/src/platform/log/index.ts': 'export const log = 1;',
  'apps/server/src/changes/index.ts': "export { change } from './change.ts';",
  'apps/server/src/changes/change.ts': "import { log } from '../platform/log/index.ts';\nexport const change = log;",
  'apps/server/src/webhooks/index.ts': "export { webhook } from './webhook.ts';",
  'apps/server/src/webhooks/webhook.ts':
    "import type { change } from '../changes/index.ts';\nexport type webhook = typeof change;",
  'apps/server/src/app.ts': "import './webhooks/index.ts';",
  'packages/diff/src/index.ts': 'export const diff = 1;',
};

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'carillon-map-'));
});
afterEach(() => rmSync(root, { recursive: true }));

test('a workspace that keeps the map passes, and the check says how much it saw', async () => {
  expect(await found({})).toEqual({ seen: '7 files, 5 imports', problems: [] });
});

test.each([
  ['platform-imports', 'platform/log/index.ts', "import '../../changes/index.ts';"],
  ['platform-imports', 'platform/log/index.ts', "import type { change } from '../../changes/index.ts';"],
  ['changes-imports', 'changes/change.ts', "export type { webhook } from '../webhooks/index.ts';"],
  ['octo-imports', 'octo/index.ts', "await import('../changes/index.ts');"],
  ['through-index', 'webhooks/webhook.ts', "import '../changes/change.ts';"],
  ['through-index-from-outside', 'app.ts', "import './changes/change.ts';"],
  ['module-on-the-map', 'app.ts', "import './extras/index.ts';"],
  ['no-cycle', 'changes/index.ts', "export { change } from './change.ts';\nexport * from './other.ts';"],
  ['product-without-tests', 'changes/index.ts', "import './change.test.ts';"],
  ['resolvable', 'changes/index.ts', "import './gone.ts';"],
])('%s: apps/server/src/%s', async (rule, path, text) => {
  const files = {
    'apps/server/src/extras/index.ts': '',
    'apps/server/src/changes/other.ts': "import './index.ts';",
    'apps/server/src/changes/change.test.ts': '',
    [`apps/server/src/${path}`]: text,
  };
  const { problems } = await found(files);
  expect(problems.join('\n')).toContain(`error ${rule}: apps/server/src/${path}`);
});

test.each([
  ['packages-know-no-app', "import '../../../apps/server/src/app.ts';"],
  ['diff-imports-nothing', "import { readFile } from 'node:fs';"],
])('%s', async (rule, text) => {
  const { problems } = await found({ 'packages/diff/src/index.ts': text });
  expect(problems.join('\n')).toContain(`error ${rule}: packages/diff/src/index.ts`);
});

test('an import after a `using` declaration is seen', async () => {
  const text =
    "export function open() {\n  using file = { [Symbol.dispose]() {} };\n  return [file, import('../octo/index.ts')];\n}";
  const { problems } = await found({ 'apps/server/src/octo/index.ts': '', 'apps/server/src/changes/change.ts': text });
  expect(problems.join('\n')).toContain('error changes-imports: apps/server/src/changes/change.ts');
});

test('a workspace in which no file is found does not pass', async () => {
  rmSync(root, { recursive: true });
  mkdirSync(join(root, 'apps'), { recursive: true });
  expect((await check(root)).problems).toEqual(['No TypeScript file was found.']);
});

/** @param {Record<string, string>} changed */
function found(changed) {
  for (const [path, text] of Object.entries({ ...sound, ...changed })) {
    mkdirSync(join(root, dirname(path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return check(root);
}
