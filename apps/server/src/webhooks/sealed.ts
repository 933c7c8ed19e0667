import type { SealedColumn } from '../platform/secrets/index.ts';

/** Where this module keeps sealed texts: the columns that its migrations call sealed. */
export const sealedColumns: readonly SealedColumn[] = [
  { table: 'webhooks', key: 'id', column: 'authentication' },
  { table: 'webhooks', key: 'id', column: 'credentials' },
  { table: 'webhooks', key: 'id', column: 'headers' },
  { table: 'webhooks', key: 'id', column: 'signing_secret' },
  { table: 'webhooks', key: 'id', column: 'previous_secret' },
  { table: 'alerts', key: 'supplier_id', column: 'secret' },
];
