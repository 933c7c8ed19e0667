/** Case does not matter in a language tag, and `de_DE`, as POSIX and Java write it, is `de-DE`. */
const normal = (tag: string) => tag.toLowerCase().replaceAll('_', '-');

/**
 * The first of the wanted languages that is offered, trying each from specific to general (`pt-BR`, then `pt`; RFC 4647
 * lookup), else the fallback. The tag comes back as it is offered.
 */
export function chooseLanguage(wanted: readonly string[], offered: readonly string[], fallback: string): string {
  const byTag = new Map(offered.map((tag) => [normal(tag), tag]));
  for (const tag of wanted) {
    let rest = normal(tag);
    while (rest !== '') {
      const hit = byTag.get(rest);
      if (hit !== undefined) return hit;
      rest = rest.slice(0, Math.max(0, rest.lastIndexOf('-')));
    }
  }
  return fallback;
}
