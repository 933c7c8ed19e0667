import { isIP } from 'node:net';
import type { Config } from './config.ts';
import { addressAllowed, parseRanges } from './platform/outbound/index.ts';

/** What whoever starts a server with this configuration should know: it works, and not as they may think. */
export function warningsOf(config: Config): readonly string[] {
  const warnings: string[] = [];
  if (config.local && !config.mailbox) {
    warnings.push(
      `with --host ${config.host} others reach this server: there is no mailbox, which shows guests' data to whoever asks, ` +
        'and webhooks do not go to this machine',
    );
  }
  if (config.smtpUrl !== undefined && isClosed(new URL(config.smtpUrl).hostname, config.allowPrivateNetworks)) {
    warnings.push(
      'SMTP_URL leads to a private address, which nothing is sent to unless CARILLON_ALLOW_PRIVATE_NETWORKS names it: no e-mail ' +
        'leaves this server',
    );
  }
  if (config.local) return warnings;
  if (config.smtpUrl === undefined) {
    warnings.push('without SMTP_URL no e-mail reaches a guest: they are kept in the database');
  }
  if (config.publicUrl === undefined) {
    warnings.push(
      'without CARILLON_PUBLIC_URL the links that leave this server lead to where it listens, which others may not reach',
    );
  }
  return warnings;
}

/** Whether a host is sure to be refused by the guard of outbound connections; where a name leads is not looked up. */
function isClosed(hostname: string, allow: readonly string[]): boolean {
  const host = hostname === 'localhost' ? '127.0.0.1' : hostname.replace(/^\[(.*)\]$/, '$1');
  return isIP(host) !== 0 && !addressAllowed(host, parseRanges(allow));
}
