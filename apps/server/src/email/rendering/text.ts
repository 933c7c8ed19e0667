/** Longest piece of text that is taken from a booking into an e-mail, in UTF-16 units. */
const longest = 500;

/**
 * A text that others wrote, as one line: control characters, line breaks and characters that turn the direction of writing are
 * replaced, so that it cannot pose as a header, a line or a link of ours.
 */
export function oneLine(text: string): string {
  const plain = text
    .replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .replace(/ {2,}/g, ' ')
    .trim();
  return plain.length <= longest ? plain : `${plain.slice(0, longest - 1)}…`;
}

/** Whether one line can be shown as a person's name: short, and nothing that a mail program makes a link of. */
export function isName(line: string): boolean {
  return line !== '' && line.length <= 60 && !/:\/\/|www\.|[\p{L}\p{N}]\.\p{L}{2,}|@/iu.test(line);
}

/** A link that may be shown to a guest: http or https, or null. */
export function webLink(url: string | null): string | null {
  if (url === null || !URL.canParse(url)) return null;
  const { protocol, href } = new URL(url);
  return protocol === 'https:' || protocol === 'http:' ? href : null;
}
