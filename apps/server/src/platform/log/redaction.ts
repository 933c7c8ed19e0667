import { hidden, hideInText } from './hidden-text.ts';

/** A copy of log fields as plain data, without what must not be told. */
export type Redact = (fields: Readonly<Record<string, unknown>>) => Record<string, unknown>;

const maxDepth = 6;
const maxItems = 100;
const maxValues = 500;
const maxCharacters = 32_768;

// How the names of hidden fields end, in lower case and without - and _: `webhook-signature`, `leaseToken`.
const hiddenEndings = [
  ...['authorization', 'cookie', 'password', 'passwd', 'secret', 'token', 'apikey', 'privatekey', 'credentials'],
  ...['signature', 'email', 'emailaddress', 'phone', 'phonenumber', 'firstname', 'lastname', 'fullname', 'contact'],
  ...['guest', 'recipient', 'recipients', 'headers', 'body', 'html', 'document'],
];

/** Hides by the names above and those in `hide`, whatever case and separators they are written with. */
export function redaction(hide: readonly string[]): Redact {
  const endings = [...hiddenEndings, ...hide.map(bare)];
  const known = new Map<string, boolean>();

  return (fields) => new Copy(isHidden).fields(fields, 0);

  function isHidden(name: string): boolean {
    let found = known.get(name);
    if (found === undefined) {
      const own = bare(name);
      found = endings.some((ending) => own.endsWith(ending));
      // Names come from code and are few, except where data is logged as an object.
      if (known.size < 1000) known.set(name, found);
    }
    return found;
  }
}

/** One copy, which stops at so many values and characters of text: nobody reads a longer line, and cycles end. */
class Copy {
  private readonly isHidden: (name: string) => boolean;
  private left = maxValues;
  private characters = maxCharacters;

  constructor(isHidden: (name: string) => boolean) {
    this.isHidden = isHidden;
  }

  fields(given: object, depth: number): Record<string, unknown> {
    const copied: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(given).slice(0, maxItems)) {
      // Absent or not is no secret, nor is a yes or no.
      const tells = value !== null && value !== undefined && typeof value !== 'boolean';
      copied[name] = tells && this.isHidden(name) ? hidden : this.value(value, depth);
    }
    return copied;
  }

  private value(value: unknown, depth: number): unknown {
    if (typeof value === 'string') return this.text(value);
    if (typeof value === 'bigint') return String(value);
    if (typeof value !== 'object' || value === null) return value;
    this.left -= 1;
    if (depth >= maxDepth || this.left < 0) return '[more]';
    if (value instanceof Error) return this.error(value, depth + 1);
    if (Array.isArray(value)) return value.slice(0, maxItems).map((item) => this.value(item, depth + 1));
    if (value instanceof Date) return value.getTime();
    if (value instanceof URL) return this.text(value.href);
    if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
    return this.fields(value, depth + 1);
  }

  private text(text: string): string {
    if (this.characters <= 0) {
      this.left = 0;
      return '[more]';
    }
    const shown = hideInText(text);
    const cut = shown.length > this.characters ? `${shown.slice(0, this.characters)}…` : shown;
    this.characters -= shown.length;
    return cut;
  }

  /** What an error says. Its other properties may quote data, as those of a database do. */
  private error(error: Error, depth: number): Record<string, unknown> {
    const { name, message, stack, cause } = error;
    const code = 'code' in error ? error.code : undefined;
    const errors = error instanceof AggregateError ? error.errors : undefined;
    const told = { type: name, code, message, stack, cause, errors };
    return Object.fromEntries(
      Object.entries(told).flatMap(([key, value]) => (value === undefined ? [] : [[key, this.value(value, depth)]])),
    );
  }
}

function bare(name: string): string {
  return name.toLowerCase().replace(/[-_]/g, '');
}
