import type { Brand } from '@carillon/contract';
import { oneLine, webLink } from './text.ts';

/** A colour, #rrggbb, with the one that is read best on it. */
export interface Accent {
  readonly background: string;
  readonly ink: string;
}

/** What a template shows of a supplier's brand. */
export interface BrandContent {
  /** An https address. */
  readonly logo: string | null;
  /** Null: the templates' own. */
  readonly accent: Accent | null;
  /** Below the supplier's address. */
  readonly footer: readonly string[];
}

const dark = '#10161c';
const light = '#ffffff';

/** Relative luminance (WCAG 2), 0 for black to 1 for white. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Contrast of two colours (WCAG 2), 1 to 21. */
function contrast(one: string, other: string): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

/** What was stored may be older than the rules for it, and goes into style attributes. */
function accentOf(colour: string | null): Accent | null {
  if (colour === null || !/^#[0-9a-f]{6}$/i.test(colour)) return null;
  return { background: colour, ink: contrast(colour, light) >= contrast(colour, dark) ? light : dark };
}

/** The lines of a text that others wrote, without those that are empty. */
export const linesOf = (text: string | null): string[] =>
  (text ?? '')
    .split(/\r?\n/)
    .map(oneLine)
    .filter((line) => line !== '');

/** See `BrandContent`. */
export function brandOf({ logoUrl, primaryColour, footer }: Brand): BrandContent {
  const logo = webLink(logoUrl);
  return {
    logo: logo?.startsWith('https:') ? logo : null,
    accent: accentOf(primaryColour),
    footer: linesOf(footer),
  };
}
