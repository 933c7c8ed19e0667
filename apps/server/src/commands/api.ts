/** The server did not answer, or refused: the message says what to do. */
export class CallRefused extends Error {
  override readonly name = 'CallRefused';
}

/** How long an answer may take, ms: a report of a million deliveries takes seconds. */
export const usualLimitMs = 120_000;

/** Asks the running server's `/api`, and reads what it answers, each time within `limitMs`. Throws `CallRefused`. */
export function apiOf(
  url: string,
  token: string,
  limitMs = usualLimitMs,
): <T>(path: string, query: Readonly<Record<string, string>>) => Promise<T> {
  return async <T>(path: string, query: Readonly<Record<string, string>>) => {
    const address = `${url.replace(/\/+$/, '')}/api${path}?${new URLSearchParams(query)}`;
    let response: Response;
    let text: string;
    try {
      response = await fetch(address, {
        headers: { authorization: `Bearer ${token}` },
        signal: AbortSignal.timeout(limitMs),
      });
      text = await response.text();
    } catch (cause) {
      const late = cause instanceof DOMException && cause.name === 'TimeoutError';
      const why = late
        ? `There was no whole answer at ${url} within ${limitMs / 1000} s: try a shorter range.`
        : `There is no answer at ${url}: is the server running? --url says where.`;
      throw new CallRefused(why, { cause });
    }
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
