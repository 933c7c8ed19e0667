import { skipMessages } from '../email/index.ts';
import type { Db, Tx } from '../platform/db/index.ts';
import type { Connection, SupplierState } from '../supplier/index.ts';
import { deleteWebhooks, resumeWebhooks, suspendWebhooks } from '../webhooks/index.ts';

/** What becomes of everything that a supplier or a connection still has to send, in the transaction that changes how it stands. */
export interface Standing {
  /** Suspended: webhooks are disabled and what is owed is held; e-mails wait by themselves. Deleted: all of it is cancelled. */
  supplier(tx: Tx, supplierId: string, state: SupplierState): Promise<void>;
  /** A connection was deleted: its webhooks are, too. */
  noConnection(tx: Tx, connection: Pick<Connection, 'supplierId' | 'connectionId'>): Promise<void>;
}

const supplierDeleted = 'the supplier was deleted';
const connectionDeleted = 'the connection was deleted';

/** See `Standing`. `now` gives ms UTC. */
export function createStanding({ db, now }: { readonly db: Db; readonly now: () => number }): Standing {
  return {
    async supplier(tx, supplierId, state) {
      switch (state) {
        case 'active':
          tx.afterCommit(() => db.notify('messages'));
          return resumeWebhooks(db, tx, supplierId, now());
        case 'suspended':
          return suspendWebhooks(db, tx, supplierId, now());
        case 'deleted':
          await deleteWebhooks(db, tx, { supplierId }, supplierDeleted, now());
          await skipMessages(tx, supplierId, supplierDeleted, now());
      }
    },
    noConnection: (tx, connection) => deleteWebhooks(db, tx, connection, connectionDeleted, now()),
  };
}
