import { setTimeout as wait } from 'node:timers/promises';
import type { Receiving } from './receiving.ts';
import type { Stage } from './stage.ts';

/** How changes are recorded: `perTransaction` at once by each of so many callers that wait for nothing but their commit. */
export interface Load {
  readonly name: string;
  readonly perTransaction: number;
  readonly callers: number;
}

/** Many changes at once, as a catalogue edit or an import makes them. */
export const bulk: Load = { name: '50 changes a transaction', perTransaction: 50, callers: 4 };

/** The two ways of recording. */
export const loads: readonly Load[] = [bulk, { name: '1 change a transaction', perTransaction: 1, callers: 32 }];

/** One round: from the first change to the last settled delivery. */
export interface Round {
  readonly perSecond: number;
  /** Claiming, loading, settling, by the engine; recording is counted apart. */
  readonly engineStatements: number;
  readonly recordingStatements: number;
  /** Of this process, for 1,000 deliveries: recording, views, sending, settling; the receiver and Postgres are others. */
  readonly cpuSeconds: number;
  /** Bytes of a request, head included. */
  readonly bytesEach: number;
  /** The part of the deliveries that were leased as they were created; the rest were claimed. */
  readonly leasedAtCreation: number;
}

/** Records changes that owe so many deliveries, and waits until all are settled; throws unless each arrived exactly once. */
export async function round(stage: Stage, receiver: Receiving, load: Load, deliveries: number): Promise<Round> {
  const { db, ended, recording } = stage;
  const rounds = Math.ceil(deliveries / (stage.webhooks * load.perTransaction));
  const expected = rounds * load.perTransaction * stage.webhooks;
  await stage.prepare(rounds * load.perTransaction);
  await receiver.reset();
  stage.committed.clear();
  const before = { statements: db.statements, recording: recording.statements, settled: ended.settled };
  const cpu = process.cpuUsage();
  const start = performance.now();
  let begun = 0;
  const caller = async (): Promise<void> => {
    while (begun < rounds) {
      begun += 1;
      await stage.record(load.perTransaction);
    }
  };
  await Promise.all(Array.from({ length: load.callers }, caller));
  while (ended.settled - before.settled < expected) await wait(1);
  const { user, system } = process.cpuUsage(cpu);
  const seconds = (performance.now() - start) / 1000;
  const recorded = recording.statements - before.recording;
  await check(stage, receiver, expected);
  return {
    perSecond: expected / seconds,
    engineStatements: (db.statements - before.statements - recorded) / expected,
    recordingStatements: recorded / expected,
    cpuSeconds: (user + system) / 1000 / expected,
    bytesEach: (await receiver.count()).bytes / expected,
    leasedAtCreation: stage.committed.size / expected,
  };
}

/** Waits until no delivery is open; gives how many statements asking took. */
export async function settled({ db }: Stage): Promise<number> {
  for (let asked = 1; ; asked += 1) {
    const open = await db.all("select 1 as open from deliveries where state in ('pending', 'held') limit 1");
    if (open.length === 0) return asked;
    await wait(2);
  }
}

/** Throws unless the receiver got each of so many deliveries exactly once. */
export async function check({ ended }: Stage, receiver: Receiving, expected: number): Promise<void> {
  const { requests, unique } = await receiver.count();
  if (requests === expected && unique === expected && ended.failed === 0) return;
  throw new Error(
    `expected ${expected} deliveries once each; ${requests} came, ${unique} different, ${ended.failed} failed`,
  );
}
