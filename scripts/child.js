// @ts-check
import { spawn } from 'node:child_process';

/**
 * How a program ended: its exit code, or the signal that ended it; `stoppedBy` is the signal that we were asked to stop
 * with meanwhile.
 * @typedef {{ code: number, signal: NodeJS.Signals | null, stoppedBy: NodeJS.Signals | null, output: string }} Ended
 */

const forwarded = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

/** How often, in ms, we look whether the shell that npm started us with is still there. */
const parentCheckMs = 250;

/** One Ctrl-C comes twice, from the terminal and from npm, which passes it on: within this many ms they count as one. */
const sameSignalMs = 500;

/**
 * Runs a program to its end, passing on the signals that reach us. Its output goes to ours, or is collected (`quiet`).
 * Rejects if the program cannot be started.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, quiet?: boolean }} [options]
 * @returns {Promise<Ended>}
 */
export function run(command, args, { cwd, env = process.env, quiet = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit' });
    /** @type {Buffer[]} */
    const output = [];
    child.stdout?.on('data', (chunk) => output.push(chunk));
    child.stderr?.on('data', (chunk) => output.push(chunk));

    /** @type {NodeJS.Signals | null} */
    let stoppedBy = null;
    let lastAt = 0;
    /** @param {NodeJS.Signals} signal */
    const forward = (signal) => {
      const repeated = signal === stoppedBy && Date.now() - lastAt < sameSignalMs;
      stoppedBy = signal;
      lastAt = Date.now();
      // At a terminal Ctrl-C reaches every process of the foreground group, the child too.
      const atTerminal = signal === 'SIGINT' && process.stdin.isTTY && process.stdout.isTTY;
      if (!repeated && !atTerminal) child.kill(signal);
    };
    for (const signal of forwarded) process.on(signal, forward);
    const parentCheck = whenOrphaned(() => forward('SIGTERM'));
    const release = () => {
      clearInterval(parentCheck);
      for (const signal of forwarded) process.off(signal, forward);
    };

    child.once('error', (error) => {
      release();
      reject(error);
    });
    child.once('close', (code, signal) => {
      release();
      resolve({ code: code ?? 1, signal, stoppedBy, output: Buffer.concat(output).toString() });
    });
  });
}

/**
 * npm passes a SIGTERM on to its shell, and a shell that did not become us dies of it without telling us.
 * @param {() => void} stop
 */
function whenOrphaned(stop) {
  const parent = process.ppid;
  if (!process.env.npm_lifecycle_event) return undefined;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    stop();
  }, parentCheckMs);
  return timer;
}

/**
 * Ends this process the way the program ended: with its exit code, or by its signal.
 * @param {Ended} ended
 */
export function endLike({ code, signal }) {
  if (signal) process.kill(process.pid, signal);
  else process.exitCode = code;
}
