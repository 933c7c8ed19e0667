import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';

const child = pathToFileURL(fileURLToPath(new URL('./child.js', import.meta.url))).href;

/** Runs a program by `run` in a process of its own, as our scripts do, and sends that process signals. */
class Script {
  /** @type {string[]} */
  #lines = [];
  #wake = () => undefined;
  #process;

  /** @param {string} program */
  constructor(program) {
    const script = `
      const { run, endLike } = await import(${JSON.stringify(child)});
      endLike(await run(process.execPath, ['--eval', ${JSON.stringify(program)}]));`;
    this.#process = spawn(process.execPath, ['--input-type=module', '--eval', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    createInterface({ input: this.#process.stdout }).on('line', (line) => {
      this.#lines.push(line);
      this.#wake();
    });
  }

  /** @param {string} line */
  async said(line) {
    while (!this.#lines.includes(line)) await new Promise((resolve) => (this.#wake = () => void resolve(undefined)));
  }

  /** @param {NodeJS.Signals} signal */
  signal(signal) {
    this.#process.kill(signal);
  }

  /** @returns {Promise<[code: number | null, signal: NodeJS.Signals | null]>} */
  async end() {
    const [code, signal] = await once(this.#process, 'close');
    return [code, signal];
  }

  get lines() {
    return this.#lines;
  }
}

test('a script ends with the exit code of its program', async () => {
  expect(await new Script('process.exit(7)').end()).toEqual([7, null]);
});

test.each(/** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))(
  'a %s reaches the program, which stops in its own time',
  async (signal) => {
    const script = new Script(`
      process.on(${JSON.stringify(signal)}, () => { console.log('stopping'); process.exit(0); });
      setInterval(() => {}, 1000);
      console.log('started');`);
    await script.said('started');
    script.signal(signal);
    expect(await script.end()).toEqual([0, null]);
    expect(script.lines).toEqual(['started', 'stopping']);
  },
);

test('a script whose program is ended by a signal ends by it too', async () => {
  const script = new Script("setInterval(() => {}, 1000); console.log('started');");
  await script.said('started');
  script.signal('SIGTERM');
  expect(await script.end()).toEqual([null, 'SIGTERM']);
});
