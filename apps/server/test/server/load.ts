import { randomUUID } from 'node:crypto';
import { contact, cruiseRequest, octoClient } from './stage.ts';

/** Changes that the guests of a test were told of: of each booking, in order. */
export type Acknowledged = Map<string, string[]>;

const changes = ['first', 'second', 'third'];

/** Clients that book, confirm and change one booking after the other until they are told to stop. */
export interface Load {
  readonly acknowledged: Acknowledged;
  /** Changes that were acknowledged so far. */
  count(): number;
  /** Ends once every client has ended; rejects if one of them could not go on for another reason than a server that is away. */
  stop(): Promise<void>;
}

/**
 * Begins a load. `address` gives where the next call goes; what a server does not answer, or answers with a fault of its own, is left
 * as it is: another booking is begun.
 */
export function beginLoad(options: {
  readonly clients: number;
  readonly key: string;
  readonly address: () => Promise<string>;
}): Load {
  const acknowledged: Acknowledged = new Map();
  let stopped = false;
  let count = 0;

  async function book(): Promise<void> {
    const octo = octoClient(await options.address(), options.key);
    const uuid = randomUUID();
    await octo('POST', '/bookings', { ...(await cruiseRequest(octo)), uuid });
    const told: string[] = [];
    acknowledged.set(uuid, told);
    const note = async (notes: string, method: string, path: string, body: object) => {
      const through = octoClient(await options.address(), options.key);
      await through(method, `/bookings/${uuid}${path}`, { ...body, notes });
      told.push(notes);
      count += 1;
    };
    await note('confirmed', 'POST', '/confirm', { contact });
    for (const change of changes) await note(change, 'PATCH', '', {});
  }

  async function client(): Promise<void> {
    while (!stopped) {
      await book().catch((error: unknown) => {
        if (!isAway(error)) throw error;
      });
    }
  }

  const ended = Promise.all(Array.from({ length: options.clients }, client));
  // Looked at when the load is stopped.
  ended.catch(() => undefined);
  return {
    acknowledged,
    count: () => count,
    async stop() {
      stopped = true;
      await ended;
    },
  };
}

/** `fetch` fails with a TypeError; a server without its database answers 5xx. */
function isAway(error: unknown): boolean {
  return error instanceof TypeError || (error instanceof Error && /^\w+ \S+: 5\d\d /.test(error.message));
}
