/** The server did not answer, or refused: the message says what to do. */
export class CallRefused extends Error {
  override readonly name = 'CallRefused';
}

/** Asks the running server's `/api`, and reads what it answers. Throws `CallRefused`. */
export function apiOf(
  url: string,
  token: string,
): <T>(path: string, query: Readonly<Record<string, string>>) => Promise<T> {
  return async <T>(path: string, query: Readonly<Record<string, string>>) => {
    const address = `${url.replace(/\/+$/, '')}/api${path}?${new URLSearchParams(query)}`;
    let response: Response;
    try {
      response = await fetch(address, { headers: { authorization: `Bearer ${token}` } });
    } catch (cause) {
      throw new CallRefused(`There is no answer at ${url}: is the server running? --url says where.`, { cause });
    }
    const text = await response.text();
    if (!response.ok) throw new CallRefused(messageIn(text) ?? `${address} was answered with ${response.status}.`);
    try {
      return JSON.parse(text) as T;
    } catch (cause) {
      throw new CallRefused(`What answers at ${url} is not Carillon.`, { cause });
    }
  };
}

/** What a refusal says. */
function messageIn(text: string): string | undefined {
  try {
    const { message } = JSON.parse(text) as { readonly message?: unknown };
    return typeof message === 'string' ? message : undefined;
  } catch {
    return undefined;
  }
}
