import { type Queryable, rows, type Tx } from '../../platform/db/index.ts';

/** A version of a webhook as it is stored. */
export interface Version {
  readonly id: string;
  readonly body: string;
}

/** The current versions of a webhook, by language. */
export async function currentVersions(db: Queryable, webhookId: string): Promise<Map<string, Version>> {
  const found = await db.all<Version & { readonly language: string }>(
    'select id, language, body from webhook_versions where webhook_id = $1 and is_current = 1',
    [webhookId],
  );
  return new Map(found.map(({ language, id, body }) => [language, { id, body }]));
}

/** Makes these the current versions; the ones before stay for the deliveries that refer to them. */
export async function replaceVersions(
  tx: Tx,
  versions: readonly {
    readonly id: string;
    readonly webhookId: string;
    readonly language: string;
    readonly body: string;
  }[],
): Promise<void> {
  const [first] = versions;
  if (first === undefined) return;
  await Promise.all([
    tx.run('update webhook_versions set is_current = 0 where webhook_id = $1 and is_current = 1', [first.webhookId]),
    tx.run(
      `insert into webhook_versions (id, webhook_id, language, body, is_current)
       values ${rows(['text', 'text', 'text', 'text', 'integer'], versions.length)}`,
      versions.flatMap((version) => [version.id, version.webhookId, version.language, version.body, 1]),
    ),
  ]);
}
