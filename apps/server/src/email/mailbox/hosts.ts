/** The names of this machine to itself. */
const local: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Whether a request that was sent to `host` (the header) may be answered: under a name of this machine, or the public one. Whoever
 * makes a name of their own point here (DNS rebinding) gets a browser to ask, but under that name.
 */
export function isOwnHost(host: string | undefined, publicUrl: string | undefined): boolean {
  const name = hostnameOf(`http://${host ?? ''}`);
  if (name === null) return false;
  return local.includes(name) || (publicUrl !== undefined && name === hostnameOf(publicUrl));
}

const hostnameOf = (url: string): string | null => (URL.canParse(url) ? new URL(url).hostname : null);
