import { Client, escapeIdentifier } from 'pg';
import { Coalesced, Wakeups } from '../wakeups.ts';

const firstRetryMs = 100;
const maxRetryMs = 10_000;
/** Channels belong to the whole database, which others may use as well. */
const prefix = 'carillon.';

/**
 * LISTEN and NOTIFY on a connection of their own, which is made at the first use and made again whenever it is lost. Listeners in
 * this process are woken at once, without the server.
 */
export class Notifications {
  readonly #url: string;
  readonly #onConnectionLost: (error: Error) => void;
  readonly #wakeups = new Wakeups();
  readonly #coalesced = new Coalesced((channel) => this.#send(channel));
  readonly #listened = new Set<string>();
  readonly #unsent = new Set<string>();
  #client: Client | undefined;
  #connected = false;
  #retryMs = firstRetryMs;
  #retry: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(url: string, onConnectionLost: (error: Error) => void) {
    this.#url = url;
    this.#onConnectionLost = onConnectionLost;
  }

  notify(channel: string): void {
    if (!this.#closed) this.#coalesced.request(channel);
  }

  listen(channel: string, wake: () => void): () => void {
    const end = this.#wakeups.add(channel, wake);
    if (!this.#listened.has(channel)) {
      this.#listened.add(channel);
      this.#perform((client) => client.query(`listen ${escapeIdentifier(prefix + channel)}`));
    }
    return end;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#coalesced.stop();
    clearTimeout(this.#retry);
    await this.#client?.end();
  }

  #send(channel: string): void {
    this.#wakeups.wake(channel);
    this.#unsent.add(channel);
    this.#perform((client) => this.#sendUnsent(client));
  }

  async #sendUnsent(client: Client): Promise<void> {
    const channels = [...this.#unsent];
    if (channels.length === 0) return;
    this.#unsent.clear();
    const names = channels.map((channel) => prefix + channel);
    await client.query(`select pg_notify(channel, '') from unnest($1::text[]) channel`, [names]);
  }

  /** Does it now if there is a connection; otherwise `#start` does all there is to do. */
  #perform(use: (client: Client) => Promise<unknown>): void {
    const client = this.#client;
    if (client === undefined) this.#connect();
    else if (this.#connected) use(client).catch((error) => this.#lost(client, error));
  }

  #connect(): void {
    if (this.#closed || this.#retry !== undefined) return;
    const client = new Client({
      connectionString: this.#url,
      application_name: 'carillon notifications',
      keepAlive: true,
      connectionTimeoutMillis: 10_000,
      pipeline: true,
    });
    this.#client = client;
    client.on('notification', ({ channel, processId }) => {
      // Our own notification has woken everyone here already.
      if (processId !== (client as { processID?: number }).processID) this.#wakeups.wake(channel.slice(prefix.length));
    });
    client.on('error', (error) => this.#lost(client, error));
    client.on('end', () => this.#lost(client, new Error('the connection for notifications ended')));
    this.#start(client).catch((error) => this.#lost(client, error));
  }

  async #start(client: Client): Promise<void> {
    await client.connect();
    for (const channel of this.#listened) await client.query(`listen ${escapeIdentifier(prefix + channel)}`);
    this.#connected = true;
    this.#retryMs = firstRetryMs;
    // What was notified while there was no connection went unheard.
    this.#wakeups.wakeAll();
    await this.#sendUnsent(client);
  }

  #lost(client: Client, error: Error): void {
    if (this.#client !== client) return;
    this.#client = undefined;
    this.#connected = false;
    if (this.#closed) return;
    this.#onConnectionLost(error);
    client.end().catch(() => {
      // It is gone already.
    });
    this.#retry = setTimeout(() => {
      this.#retry = undefined;
      this.#connect();
    }, this.#retryMs);
    this.#retryMs = Math.min(this.#retryMs * 2, maxRetryMs);
  }
}
