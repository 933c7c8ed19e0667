import type { Sealing } from '../../platform/secrets/index.ts';

/** What the link of a recovery carries: it names the message, and only this installation can have made it. */
export interface RecoveryTokens {
  /** The token of a message. */
  readonly of: (messageId: string) => string;
  /** The message of the first token in a text; undefined where there is none that is ours. */
  readonly read: (text: string) => string | undefined;
}

const prefix = 'recovery:';

/** Tokens are sealed, so they tell nothing, and hold as long as the secret does or is known as a previous one. */
export function recoveryTokens(sealing: Pick<Sealing, 'seal' | 'open'>): RecoveryTokens {
  return {
    of: (messageId) => sealing.seal(`${prefix}${messageId}`),
    read(text) {
      const token = /\bs1\.[\da-f]{8}\.[\w-]{40,400}/.exec(text)?.[0];
      if (token === undefined) return undefined;
      try {
        const opened = sealing.open(token);
        return opened.startsWith(prefix) ? opened.slice(prefix.length) : undefined;
      } catch {
        // Anybody may write anything there.
        return undefined;
      }
    },
  };
}
