import type { Db } from '../db/index.ts';
import type { Log } from '../log/index.ts';
import { renewSecretCheck } from './check.ts';
import type { SealedColumn } from './sealed-column.ts';
import { CannotOpen, type Sealing } from './sealing.ts';
import { replaceSealed, type SealedRow, sealedByOthers } from './store.ts';

/** Texts that one run seals anew. */
const atOnce = 200;

/** What resealing needs. `rotating`: previous secrets are configured, and whoever configured them waits to take them away. */
export interface ResealingDeps {
  readonly db: Db;
  readonly sealing: Sealing;
  readonly columns: readonly SealedColumn[];
  readonly rotating: boolean;
  readonly log: Pick<Log, 'info' | 'error'>;
}

/**
 * One run of the work that seals with the current secret what former ones sealed: a portion of a column. After the last one the
 * check of the secret follows, so that a server which knows only the current secret may start; the next run begins anew, because
 * a node that has not heard of the current secret may have sealed something meanwhile. What nobody can open stays as it is.
 */
export function resealingWork({ db, sealing, columns, rotating, log }: ResealingDeps): () => Promise<'more' | 'idle'> {
  let column = 0;
  let after = '';
  let resealed = 0;
  let unopened = 0;
  let first = true;

  async function endPass(): Promise<'idle'> {
    const renewed = await renewSecretCheck(db, sealing);
    const { keyId } = sealing;
    if (unopened > 0) {
      log.error(
        { code: 'secrets.unopened', unopened },
        'sealed texts cannot be opened with this CARILLON_SECRET and CARILLON_PREVIOUS_SECRETS: their webhooks stand still',
      );
    } else if (rotating && (renewed || resealed > 0 || first)) {
      log.info(
        { code: 'secrets.resealed', resealed, keyId },
        'nothing is sealed with CARILLON_PREVIOUS_SECRETS any more',
      );
    }
    first = false;
    column = resealed = unopened = 0;
    return 'idle';
  }

  return async () => {
    const at = columns[column];
    if (at === undefined) return endPass();
    const rows = await sealedByOthers(db, at, { keyId: sealing.keyId, after, limit: atOnce });
    const anew = rows.flatMap((row) => {
      const text = opened(sealing, row);
      return text === undefined ? [] : [{ row, sealed: sealing.seal(text) }];
    });
    if (anew.length > 0) {
      await db.transaction(async (tx) => {
        for (const { row, sealed } of anew) replaceSealed(tx, at, row, sealed);
      });
    }
    resealed += anew.length;
    unopened += rows.length - anew.length;
    after = rows.length < atOnce ? '' : (rows.at(-1)?.key ?? '');
    if (after === '') column += 1;
    return 'more';
  };
}

function opened(sealing: Sealing, { sealed }: SealedRow): string | undefined {
  try {
    return sealing.open(sealed);
  } catch (error) {
    if (error instanceof CannotOpen) return undefined;
    throw error;
  }
}
