/** Language tags of BCP 47, roughly: subtags of up to eight letters and digits, the first of letters. */
const tagForm = /^[a-z]{1,8}(-[a-z0-9]{1,8})*$/i;

/** More than this many are noise. */
const maxLanguages = 20;

/**
 * The languages that a request asks for, the most wanted first (RFC 9110, 12.5.4): by weight, then as listed. Weights of 0,
 * `*` and what is not a tag of BCP 47 are left out.
 */
export function acceptedLanguages(header: string | undefined): string[] {
  const wanted = (header ?? '')
    .slice(0, 1_000)
    .split(',')
    .flatMap((part) => {
      const [tag = '', ...parameters] = part.split(';').map((piece) => piece.trim());
      const weight = parameters.find((piece) => /^q\s*=/i.test(piece));
      const q = weight === undefined ? 1 : Number(weight.slice(weight.indexOf('=') + 1));
      return tagForm.test(tag) && q > 0 && q <= 1 ? [{ tag, q }] : [];
    });
  return wanted
    .sort((a, b) => b.q - a.q)
    .slice(0, maxLanguages)
    .map(({ tag }) => tag);
}
