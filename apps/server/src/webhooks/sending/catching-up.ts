import type { Db } from '../../platform/db/index.ts';
import type { Job } from '../deliveries/delivery.ts';
import { activeRevisions, makeDue } from './claim-store.ts';
import type { Lines } from './lines.ts';

/** What an engine does when something about a webhook has changed. */
export interface CatchingUp {
  /**
   * A webhook that rested answers again. After a long outage what it is owed goes now, and not when the schedule would have tried it
   * next; after a short one each keeps its own time, so that what is refused for itself does not use up its schedule.
   */
  recover(webhookId: string, rests: number): Promise<void>;
  /** Gives back what waits in memory for webhooks that were paused, deleted or changed since it was claimed. */
  review(): Promise<void>;
}

/** So many rests in a row are an outage: the probes of some three minutes failed. */
const restsOfOutage = 6;

/** See `CatchingUp`. `more` is told of webhooks of which there may be something to claim. */
export function createCatchingUp(deps: {
  readonly db: Db;
  readonly now: () => number;
  readonly running: () => boolean;
  readonly lines: Pick<Lines<Job>, 'keys' | 'empty'>;
  readonly giveUnsentBack: (unsent: readonly Job[]) => Promise<number>;
  readonly more: (webhookId: string) => void;
}): CatchingUp {
  const { db, now, running, lines, giveUnsentBack, more } = deps;
  return {
    async recover(webhookId, rests) {
      more(webhookId);
      if (rests < restsOfOutage) return;
      const at = now();
      for (let after: number | null = at; after !== null && running(); ) {
        after = await makeDue(db, { webhookId, after, now: at });
        more(webhookId);
      }
    },
    async review() {
      const revisions = await activeRevisions(db.reader, lines.keys());
      for (const webhookId of lines.keys()) {
        const outdated = lines.empty(webhookId, (job) => job.endpoint.revision !== revisions.get(webhookId));
        if (outdated.length === 0) continue;
        await giveUnsentBack(outdated);
        more(webhookId);
      }
    },
  };
}
