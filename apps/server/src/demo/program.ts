import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** How Carillon's own commands are run: Node, its flags, and the file. */
export interface Launch {
  readonly execPath: string;
  readonly execArgv: readonly string[];
  readonly mainFile: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** A command of Carillon in a process of its own, which writes JSON lines. */
export interface Program {
  readonly child: ChildProcessWithoutNullStreams;
  /** The first line that `pick` makes something of, within the limit; rejects, with what the program said, when it ends or is late. */
  first<T>(pick: (line: Record<string, unknown>) => T | undefined, limitMs: number): Promise<T>;
  /** Stops it and waits for its end; what does not end within the limit is killed. */
  stop(limitMs: number): Promise<void>;
}

/** Starts a command of Carillon; `onLine` sees each JSON line that it writes. */
export function startProgram(
  launch: Launch,
  args: readonly string[],
  onLine: (line: Record<string, unknown>) => void = () => undefined,
): Program {
  const child = spawn(launch.execPath, [...launch.execArgv, launch.mainFile, ...args], { env: launch.env });
  const said: string[] = [];
  const listeners = new Set([onLine]);
  const ended = once(child, 'close').catch(() => undefined);
  // A program that is gone does not read: that shows as its end.
  child.stdin.on('error', () => undefined);
  createInterface({ input: child.stderr }).on('line', (line) => said.push(line));
  createInterface({ input: child.stdout }).on('line', (line) => {
    said.push(line);
    const parsed = parsedLine(line);
    if (parsed !== undefined) for (const listener of listeners) listener(parsed);
  });
  return {
    child,
    first: (pick, limitMs) =>
      new Promise((resolve, reject) => {
        const failed = (why: string) => () => reject(new Error(`\`${args[0]}\` ${why}; it said:\n${said.join('\n')}`));
        const timer = setTimeout(failed(`was not ready within ${limitMs} ms`), limitMs);
        void ended.then(failed('ended')).then(() => clearTimeout(timer));
        const listener = (line: Record<string, unknown>) => {
          const picked = pick(line);
          if (picked === undefined) return;
          listeners.delete(listener);
          clearTimeout(timer);
          resolve(picked);
        };
        listeners.add(listener);
      }),
    async stop(limitMs) {
      const timer = setTimeout(() => child.kill('SIGKILL'), limitMs);
      child.stdin.end();
      child.kill('SIGTERM');
      await ended;
      clearTimeout(timer);
    },
  };
}

function parsedLine(line: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
