import { type LaneCursor, setAside, sweepHeads } from '../deliveries/lanes.ts';
import type { ClaimerDeps } from './claimer.ts';
import type { Notes } from './notes.ts';

/** What an engine does to lanes now and then. */
export interface Sweeping {
  /** Repairs lanes that lost their heads. */
  heads(): Promise<void>;
  /** Sets aside what has held back its lane for too long. */
  aside(): Promise<void>;
}

/** See `Sweeping`. `more` is told of webhooks whose lanes went on. */
export function createSweeping(deps: {
  readonly db: ClaimerDeps['db'];
  readonly now: () => number;
  readonly running: () => boolean;
  readonly more: (webhookId: string) => void;
  readonly look: () => void;
  readonly notes: Pick<Notes, 'repaired'>;
}): Sweeping {
  const { db, now, running, more, look, notes } = deps;
  return {
    async heads() {
      let at: LaneCursor | null = null;
      do {
        const swept: Awaited<ReturnType<typeof sweepHeads>> = await sweepHeads(db, at);
        at = swept.next;
        if (swept.repaired === 0) continue;
        notes.repaired(swept.repaired);
        look();
      } while (at !== null && running());
    },
    async aside() {
      for (let again = true; again && running(); ) {
        const aside = await setAside(db, now());
        for (const webhookId of aside.webhooks) more(webhookId);
        again = aside.more;
      }
    },
  };
}
