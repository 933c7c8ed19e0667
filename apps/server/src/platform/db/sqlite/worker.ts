import { receiveMessageOnPort, workerData } from 'node:worker_threads';
import { Connection } from './connection.ts';
import type { ThreadData, Word } from './protocol.ts';

// The entry of a database thread: one message in, its answers out, in order.

/** How long the thread stays awake for the next statement of an open transaction. */
const awakeMs = 0.02;
/** After waits in vain it waits less and less often, down to once in so many messages. */
const maxSkipped = 512;

const { port, ...file } = workerData as ThreadData;
const connection = new Connection(file);
let inVain = 0;
let skipping = 0;

const opened: Word[] = [];
connection.open(opened);
port.postMessage(opened);
port.on('message', (words: readonly Word[]) => {
  perform(words);
  if (skipping > 0) skipping--;
  else stayAwake();
});

function perform(words: readonly Word[]): void {
  const answers: Word[] = [];
  connection.perform(words, answers);
  if (answers.length > 0) port.postMessage(answers);
  // After the answers have left, so that nobody waits for it.
  connection.checkpoint();
}

/**
 * While a transaction runs, its next statement comes within microseconds, and waking from sleep takes longer than the statement:
 * staying awake made transactions of six statements three times as fast on two idle cores. Where it is in vain, as on a machine
 * whose cores are all busy, it would only take time from the others.
 */
function stayAwake(): void {
  let until = performance.now() + awakeMs;
  while (connection.inTransaction) {
    const received = receiveMessageOnPort(port);
    if (received !== undefined) {
      perform(received.message);
      inVain >>= 1;
      until = performance.now() + awakeMs;
    } else if (performance.now() > until) {
      skipping = Math.min(2 ** inVain++, maxSkipped);
      return;
    }
  }
}
