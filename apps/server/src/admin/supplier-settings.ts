import type { supplierCreation } from '@carillon/contract';
import type { z } from '@hono/zod-openapi';
import type { SupplierListed, SupplierSettings } from '../supplier/index.ts';

type Request = z.infer<typeof supplierCreation>;

/** What is stored of a request. */
export const settingsOf = ({ name, contact, shortDescription, media, ...settings }: Request): SupplierSettings => ({
  document: { name, contact, shortDescription, media },
  ...settings,
});

/** The request that would make a supplier as it is. */
export const requestOf = ({
  document,
  language,
  languages,
  timeZone,
  holdSeconds,
  settlingMs,
  checkoutUrl,
  brand,
}: SupplierListed) => {
  const { id: _, ...said } = document;
  return { ...said, language, languages, timeZone, holdSeconds, settlingMs, checkoutUrl, brand } as Request;
};

/** Whether two tags name the same language, which they do in whatever case (BCP 47). */
const sameTag = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

/** What keeps settings from making sense, as a sentence. */
export function problemOf({
  language,
  languages,
  timeZone,
}: Pick<Request, 'language' | 'languages' | 'timeZone'>): string | undefined {
  const twice = languages.find((each, index) => languages.findIndex((other) => sameTag(other, each)) < index);
  if (twice !== undefined) return `languages: ${twice} stands there twice.`;
  if (!languages.includes(language)) return `language ${language} is not one of languages.`;
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return undefined;
  } catch {
    return `timeZone ${timeZone} is not known.`;
  }
}
