import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Answer, Question } from './receiver.ts';

/** The receiver, seen from the process that measures. */
export interface Receiving {
  readonly url: string;
  /** Forgets what came so far. */
  reset(): Promise<void>;
  /** Requests since the reset, and how many different `webhook-id`s they had. */
  count(): Promise<{ readonly requests: number; readonly unique: number; readonly bytes: number }>;
  /** When each `webhook-id` came first, ms since the epoch. */
  arrivals(): Promise<ReadonlyMap<string, number>>;
  stop(): Promise<void>;
}

/** Starts the receiver as a process of its own. */
export async function startReceiver(): Promise<Receiving> {
  const child = fork(fileURLToPath(new URL('./receiver.ts', import.meta.url)), { serialization: 'advanced' });
  const next = async (): Promise<Answer> => (await once(child, 'message'))[0] as Answer;
  const ask = (question: Question): Promise<Answer> => {
    const answer = next();
    child.send(question);
    return answer;
  };
  const first = await next();
  if (!('port' in first)) throw new Error('the receiver told no port');
  return {
    url: `http://127.0.0.1:${first.port}`,
    async reset() {
      await ask('reset');
    },
    async count() {
      const answer = await ask('count');
      if (!('requests' in answer)) throw new Error('the receiver did not tell its count');
      return answer;
    },
    async arrivals() {
      const answer = await ask('arrivals');
      if (!('arrivals' in answer)) throw new Error('the receiver did not tell its arrivals');
      return new Map(answer.arrivals);
    },
    async stop() {
      const exited = once(child, 'exit');
      child.disconnect();
      await exited;
    },
  };
}
