/** A slot that can be booked. */
export interface Slot {
  readonly id: string;
  readonly localDateTimeStart: string;
  readonly available: boolean;
}

/** A booking, as far as the demo looks at it. */
export interface Booking {
  readonly uuid: string;
  readonly orderId: string;
  readonly supplierReference: string;
  readonly unitItems: readonly { readonly uuid: string; readonly unitId: string }[];
}

/** A product, as far as the demo looks at it. */
export interface Product {
  readonly id: string;
  readonly title: string;
  readonly availabilityType: string;
  readonly options: readonly {
    readonly id: string;
    readonly units: readonly { readonly id: string; readonly type: string }[];
  }[];
}

/** An e-mail in the mailbox's list. */
export interface Mail {
  readonly id: string;
  readonly to: string;
  readonly subject: string;
}

/** Calls Carillon the way anybody does, over HTTP; throws what the answer said when it is no success. */
export interface Client {
  octo<T>(method: string, path: string, body?: unknown): Promise<T>;
  /** All e-mails in the mailbox, the oldest first. */
  mails(): Promise<readonly Mail[]>;
  mailUrl(mail: Mail): string;
}

const capabilities = 'octo/content, octo/pricing, octo/cart';

/** A client of the Carillon at `url`, with the API key of a connection. */
export function createClient(url: string, key: string, signal: AbortSignal): Client {
  const call = async <T>(method: string, address: string, body?: unknown): Promise<T> => {
    const response = await fetch(address, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        'octo-capabilities': capabilities,
      },
      signal,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${address} was answered with ${response.status}: ${text}`);
    return JSON.parse(text) as T;
  };
  return {
    octo: (method, path, body) => call(method, `${url}/octo${path}`, body),
    async mails() {
      const { messages } = await call<{ messages: Mail[] }>('GET', `${url}/mailbox/api/messages`);
      return messages.toReversed();
    },
    mailUrl: ({ id }) => `${url}/mailbox/${id}`,
  };
}
