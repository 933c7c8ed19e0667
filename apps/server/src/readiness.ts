import { within } from './platform/clock/index.ts';
import type { Db } from './platform/db/index.ts';
import type { Log } from './platform/log/index.ts';
import { removeSetting, setSetting } from './platform/settings/index.ts';

/** What `/readyz` answers. */
export type Readiness = { readonly ready: true } | { readonly ready: false; readonly reason: string };

/** Times in ms. */
export interface ReadinessLimits {
  /** How long the database may take: whoever asks, asks again soon. */
  readonly answerMs: number;
  /** How long an answer stands: asking often costs no more than asking once. */
  readonly freshMs: number;
}

const usual: ReadinessLimits = { answerMs: 2_000, freshMs: 1_000 };

/** More than fits on a page beside others, so that it needs room of its own. */
const probe = 'x'.repeat(8_192);

/** Tells whether this process can do its work: the database takes a write, and in time. On a full disk it does not. */
export function createReadiness(
  deps: {
    readonly db: Db;
    readonly log: Pick<Log, 'error'>;
    /** Names this process among those on the database. */
    readonly process: string;
  },
  { answerMs, freshMs }: ReadinessLimits = usual,
): () => Promise<Readiness> {
  const { db, log } = deps;
  const setting = `probe of ${deps.process}`;
  let last: { readonly at: number; readonly answer: Promise<Readiness> } | undefined;

  async function look(): Promise<Readiness> {
    try {
      const write = db.transaction(async (tx) => {
        await setSetting(tx, setting, probe);
        await removeSetting(tx, setting);
      });
      await within(answerMs, write);
      return { ready: true };
    } catch (err) {
      log.error({ code: 'http.not_ready', err }, 'the database does not take a write');
      return { ready: false, reason: 'the database does not take a write' };
    }
  }

  return () => {
    const at = performance.now();
    if (last === undefined || at - last.at > freshMs) last = { at, answer: look() };
    return last.answer;
  };
}
