import type { PostgresBinaries } from '../postgres-binaries.ts';
import { startPostgres } from '../postgres-server.ts';

// Starts a Postgres from the binaries that are its argument, and says its URL, like tests that are about to be killed.
const server = await startPostgres(JSON.parse(process.argv[2] ?? '') as PostgresBinaries);
process.stdout.write(`${server.url}\n`);
