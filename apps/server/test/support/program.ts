import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A program of `test/support/programs` in a process of its own. */
export interface Program {
  /** Its next line of output; undefined once it has ended. */
  line(): Promise<string | undefined>;
  /** Ends its standard input, and waits for its end. */
  finish(): Promise<void>;
  /** `kill -9`, and waits for its end. */
  kill(): Promise<void>;
}

/** Starts a program with one argument, which is passed as JSON. Kill or finish it before the test ends. */
export function startProgram(name: string, argument: unknown): Program {
  const file = fileURLToPath(new URL(`./programs/${name}.ts`, import.meta.url));
  const child: ChildProcess = spawn(process.execPath, [file, JSON.stringify(argument)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => child.on('exit', () => resolve()));
  if (child.stdout === null) throw new Error('the program has no output');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    line: async () => {
      const { value, done } = await lines.next();
      return done ? undefined : value;
    },
    finish: () => {
      child.stdin?.end();
      return ended;
    },
    kill: () => {
      child.kill('SIGKILL');
      return ended;
    },
  };
}
