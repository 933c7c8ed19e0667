/**
 * The first of the wanted languages that is offered, trying each from specific to general (`pt-BR`, then `pt`; RFC 4647
 * lookup), else the fallback. Case does not matter; the tag comes back as it is offered.
 */
export function chooseLanguage(wanted: readonly string[], offered: readonly string[], fallback: string): string {
  const byTag = new Map(offered.map((tag) => [tag.toLowerCase(), tag]));
  for (const tag of wanted) {
    let rest = tag.toLowerCase();
    while (rest !== '') {
      const hit = byTag.get(rest);
      if (hit !== undefined) return hit;
      rest = rest.slice(0, Math.max(0, rest.lastIndexOf('-')));
    }
  }
  return fallback;
}
