import type { Queryable, Tx } from '../../platform/db/index.ts';

/** Where a supplier's operators are told; the secret is sealed. */
export interface AlertsRow {
  readonly emails: readonly string[];
  readonly url: string | null;
  readonly secret: string | null;
}

const alertsOf = (row: { emails: string; url: string | null; secret: string | null }): AlertsRow => ({
  ...row,
  emails: JSON.parse(row.emails) as string[],
});

const none: AlertsRow = { emails: [], url: null, secret: null };

/** Where a supplier's operators are told. */
export async function supplierAlerts(db: Queryable, supplierId: string): Promise<AlertsRow> {
  const [row] = await db.all<{ emails: string; url: string | null; secret: string | null }>(
    'select emails, url, secret from alerts where supplier_id = $1',
    [supplierId],
  );
  return row === undefined ? none : alertsOf(row);
}

/** As `supplierAlerts`, the row locked, which is made where there is none. */
export async function lockAlerts(tx: Tx, supplierId: string, now: number): Promise<AlertsRow> {
  tx.send(
    `insert into alerts (supplier_id, emails, updated_at) values ($1, '[]', $2) on conflict (supplier_id) do nothing`,
    [supplierId, now],
  );
  const [row] = await tx.all<{ emails: string; url: string | null; secret: string | null }>(
    `select emails, url, secret from alerts where supplier_id = $1${tx.dialect.forUpdate}`,
    [supplierId],
  );
  return row === undefined ? none : alertsOf(row);
}

/** Writes where a supplier's operators are told; its row is locked. */
export function writeAlerts(tx: Tx, supplierId: string, alerts: AlertsRow, now: number): Promise<number> {
  return tx.run('update alerts set emails = $2, url = $3, secret = $4, updated_at = $5 where supplier_id = $1', [
    supplierId,
    JSON.stringify(alerts.emails),
    alerts.url,
    alerts.secret,
    now,
  ]);
}
