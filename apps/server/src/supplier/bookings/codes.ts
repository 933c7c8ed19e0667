/** Makes the codes that people and scanners read. */
export interface Codes {
  /** Short and readable, for an order: 8 characters, 40 bits. */
  reference(): string;
  /** What a ticket's QR code says: 130 bits, so that nobody guesses one. Marked in test mode: it admits nobody. */
  ticket(testMode: boolean): string;
}

// Crockford's base 32: no I, L, O, U, which are read as something else.
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** `random` gives so many random bytes. */
export function createCodes(random: (bytes: number) => Uint8Array): Codes {
  const text = (length: number) => Array.from(random(length), (byte) => alphabet.charAt(byte & 31)).join('');
  return {
    reference: () => text(8),
    ticket: (testMode) => `${testMode ? 'TEST-NOT-VALID-' : ''}${text(26)}`,
  };
}
