/** Stands where something was taken out. */
export const hidden = '[hidden]';

const maxCharacters = 8192;

// Every repetition is bounded, so that no text makes a pattern slow.
const patterns: readonly (readonly [RegExp, string])[] = [
  // User name and password of a URL.
  [/:\/\/[^\s/?#"'<>]{1,512}@/g, `://${hidden}@`],
  // E-mail addresses, of any script.
  [/[^\s"'<>()[\],;:=/\\@]{1,64}@[\p{L}\p{N}.-]{1,255}/gu, hidden],
  [/\b(Bearer|Basic)\s{1,8}[\w.~+/=-]{1,8192}/gi, `$1 ${hidden}`],
  // Secrets of Standard Webhooks, then keys as platform/secrets makes them.
  [/\bwhs(?:ec|k)_[\w+/=-]{1,512}/g, hidden],
  [/\b[a-z]{2,12}_[\w-]{43}(?![\w-])/g, hidden],
];

// Each pattern needs one of these; most texts have none, and one look is cheaper than five.
const suspicious = /[@_]|Bearer|Basic/i;

/** A text without e-mail addresses, tokens, signing secrets and URL credentials, cut at 8,192 characters. */
export function hideInText(text: string): string {
  if (text.length <= maxCharacters && !suspicious.test(text)) return text;
  let result = text.length > maxCharacters ? `${text.slice(0, maxCharacters)}…` : text;
  for (const [pattern, replacement] of patterns) result = result.replace(pattern, replacement);
  return result;
}
