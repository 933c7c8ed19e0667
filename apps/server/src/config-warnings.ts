import type { Config } from './config.ts';

/** What whoever starts a server with this configuration should know: it works, and not as they may think. */
export function warningsOf(config: Config): readonly string[] {
  const warnings: string[] = [];
  if (config.local && !config.mailbox) {
    warnings.push(
      `with --host ${config.host} others reach this server: there is no mailbox, which shows guests' data to whoever asks, ` +
        'and webhooks do not go to this machine',
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
