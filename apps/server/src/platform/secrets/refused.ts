/** The master secret cannot be read or made, or is not the one that this database was begun with; the message says which. */
export class SecretRefused extends Error {
  override readonly name = 'SecretRefused';
}
