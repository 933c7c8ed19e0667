import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { randomKey } from './keys.ts';
import { SecretRefused } from './refused.ts';
import { minSecretLength } from './sealing.ts';

/**
 * The master secret that is kept in the data directory, `secret.key` with mode 0600: made at the first call, on the disk before it
 * is used. Throws `SecretRefused`, which names the file, where it cannot be read or made or is not whole.
 */
export function secretFile(directory: string): string {
  const file = join(directory, 'secret.key');
  let secret: string;
  try {
    secret = read(file) ?? make(directory, file);
  } catch (cause) {
    throw new SecretRefused(`the secret cannot be kept in ${file}: ${(cause as Error).message}`, { cause });
  }
  if (secret.length < minSecretLength) {
    throw new SecretRefused(
      `${file} does not hold a whole secret: put the right one back, or set CARILLON_SECRET; without it no secret of ` +
        'the database can be opened',
    );
  }
  return secret;
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** The file appears under its name only when it is whole; of two that make it at once, both use what the first one made. */
function make(directory: string, file: string): string {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const unfinished = `${file}.${randomKey('new')}`;
  try {
    onDisk(unfinished, 'wx', (descriptor) => writeSync(descriptor, `${randomKey('secret')}\n`));
    linkSync(unfinished, file);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  } finally {
    rmSync(unfinished, { force: true });
  }
  try {
    onDisk(directory, 'r', () => undefined);
  } catch {
    // Windows has no such thing as a directory that is opened.
  }
  return readFileSync(file, 'utf8').trim();
}

function onDisk(path: string, flags: 'wx' | 'r', write: (descriptor: number) => void): void {
  const descriptor = openSync(path, flags, 0o600);
  try {
    write(descriptor);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
