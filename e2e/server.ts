import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchCarillon } from '../apps/server/test/support/carillon.ts';

/** A running Carillon with sample data, in its local mode. */
export interface Carillon {
  /** Its address, such as `http://127.0.0.1:40123`. */
  readonly url: string;
  /** The API key of the first sample connection. */
  readonly key: string;
  /** A token for `/api`. */
  readonly adminToken: string;
  /** Stops it the way an operator does; rejects if it does not end with exit code 0. */
  stop(): Promise<void>;
}

/** Starts the real server in a process of its own, on a free port and an empty data directory, which goes when it stops. */
export async function startCarillon(): Promise<Carillon> {
  const data = await mkdtemp(join(tmpdir(), 'carillon-e2e-'));
  const removeData = () => rm(data, { recursive: true, force: true });
  const key = 'key-of-the-browser-tests';
  const adminToken = 'token-of-the-browser-tests';
  try {
    const { url, stop } = await launchCarillon({
      args: ['start', '--port', '0', '--data', data],
      env: { CARILLON_DEMO_KEY: key, CARILLON_ADMIN_TOKEN: adminToken },
    });
    return { url, key, adminToken, stop: () => stop().finally(removeData) };
  } catch (error) {
    await removeData();
    throw error;
  }
}
