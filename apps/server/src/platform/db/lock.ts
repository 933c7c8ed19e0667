import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { kindOfSqliteCode } from './errors.ts';

/** Another server has the data directory. */
export class DataDirectoryInUse extends Error {
  override readonly name = 'DataDirectoryInUse';
  readonly directory: string;

  constructor(directory: string, cause: unknown) {
    super(`another Carillon server is running on the data directory ${directory}`, { cause });
    this.directory = directory;
  }
}

/** What should be the data directory is none, or cannot be made. */
export class DataDirectoryRefused extends Error {
  override readonly name = 'DataDirectoryRefused';
}

/**
 * Makes the data directory (mode 0700) where it is missing, and takes it for this process until the returned function is called
 * or the process ends, however it ends. The lock is the operating system's, on a small database in the directory: a file with a
 * process id would outlive a `kill -9`. Throws `DataDirectoryInUse`
 * or `DataDirectoryRefused`.
 */
export function lockDataDirectory(directory: string): () => void {
  make(directory);
  const database = new DatabaseSync(join(directory, 'lock.db'));
  try {
    database.exec('begin exclusive');
  } catch (error) {
    database.close();
    const code = (error as { errcode?: number }).errcode;
    throw code !== undefined && kindOfSqliteCode(code) === 'conflict'
      ? new DataDirectoryInUse(directory, error)
      : error;
  }
  return () => {
    if (database.isOpen) database.close();
  };
}

function make(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  } catch (cause) {
    const code = (cause as { code?: string }).code;
    const reason = code === 'EEXIST' || code === 'ENOTDIR' ? 'it is a file' : (cause as Error).message;
    throw new DataDirectoryRefused(`the data directory ${directory} cannot be made: ${reason}`, { cause });
  }
}
