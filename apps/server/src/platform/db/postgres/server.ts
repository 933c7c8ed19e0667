import type { Queryable } from '../db.ts';
import { UnsupportedDatabase } from '../errors.ts';

const oldestVersion = 15;

/** What a server says of itself. */
export interface Server {
  /** As people write it: `16.4 (Debian 16.4-1)`. */
  readonly version: string;
  /** `160004`. */
  readonly number: string;
  readonly encoding: string;
}

/** Throws `UnsupportedDatabase` unless Carillon runs on this server. */
export async function checkServer(db: Queryable): Promise<void> {
  const [server] = await db.all<Server>(
    `select current_setting('server_version') as version, current_setting('server_version_num') as number,
            current_setting('server_encoding') as encoding`,
  );
  const refusal = server && refusalOf(server);
  if (refusal !== undefined) throw new UnsupportedDatabase(refusal);
}

/** Why Carillon does not run on a server, or undefined if it does. */
export function refusalOf({ version, number, encoding }: Server): string | undefined {
  if (Number(number) < oldestVersion * 10_000) {
    return `Carillon needs Postgres ${oldestVersion} or later; this server is ${version}`;
  }
  if (encoding !== 'UTF8') return `Carillon needs a Postgres database with encoding UTF8; this one has ${encoding}`;
  return undefined;
}
