/** How much of a body is read: bytes, and objects and lists inside each other. */
export interface JsonLimits {
  readonly bytes: number;
  readonly depth: number;
}

/** A request's body, or what is wrong with it as a sentence. An empty body is undefined. */
export type JsonBody =
  | { readonly ok: true; readonly value: unknown }
  | {
      readonly ok: false;
      readonly problem: 'too_big' | 'not_utf8' | 'not_json' | 'too_deep' | 'broken_off';
      readonly message: string;
    };

const refused = (problem: (JsonBody & { ok: false })['problem'], message: string): JsonBody => ({
  ok: false,
  problem,
  message,
});

/** The bytes of a body, or undefined once it is longer than `limit`; the rest is then not read. */
async function bytesOf(request: Request, limit: number): Promise<Uint8Array | undefined> {
  const announced = request.headers.get('content-length');
  if (announced !== null) {
    // The HTTP parser holds a body to its announced length, so that there is nothing to count.
    if (!(Number(announced) <= limit)) return undefined;
    const bytes = new Uint8Array(await request.arrayBuffer());
    return bytes.byteLength <= limit ? bytes : undefined;
  }
  if (request.body === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body) {
    length += chunk.byteLength;
    if (length > limit) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}

/** True when lists and objects stand inside each other more than `limit` deep. Not recursive: the input is hostile. */
export function deeperThan(value: unknown, limit: number): boolean {
  let level: object[] = typeof value === 'object' && value !== null ? [value] : [];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth === limit) return true;
    const next: object[] = [];
    for (const node of level) {
      for (const child of Array.isArray(node) ? node : Object.values(node)) {
        if (typeof child === 'object' && child !== null) next.push(child);
      }
    }
    level = next;
  }
  return false;
}

/** Reads a body as JSON (RFC 8259: UTF-8, a byte order mark is passed over), within limits; never throws for bad input. */
export async function readJson(request: Request, limits: JsonLimits): Promise<JsonBody> {
  let bytes: Uint8Array | undefined;
  try {
    bytes = await bytesOf(request, limits.bytes);
  } catch {
    return refused('broken_off', 'the body ended before it was complete');
  }
  if (bytes === undefined) return refused('too_big', `the body must have at most ${limits.bytes} bytes`);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return refused('not_utf8', 'the body must be JSON in UTF-8: it holds bytes that are not UTF-8');
  }
  if (text.trim() === '') return { ok: true, value: undefined };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refused('not_json', 'the body must be JSON');
  }
  if (deeperThan(value, limits.depth)) {
    return refused('too_deep', `the body must have at most ${limits.depth} lists and objects inside each other`);
  }
  return { ok: true, value };
}
