import type { SealedColumn } from '../platform/secrets/index.ts';

/** Where this module keeps sealed texts: the columns that its migrations call sealed. */
export const emailSealedColumns: readonly SealedColumn[] = [
  { table: 'email_providers', key: 'id', column: 'settings' },
  { table: 'email_providers', key: 'id', column: 'callback_secret' },
  { table: 'suppressions', key: 'id', column: 'address' },
  { table: 'unsubscribe_keys', key: 'id', column: 'sealed' },
];
