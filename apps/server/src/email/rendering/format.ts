/**
 * Dates, times and money as a guest reads them. Intl objects take some hundred microseconds to make, so each is made once per locale
 * and zone; the locales are those of `formatLocale`, so there are few.
 */
const dates = new Map<string, Intl.DateTimeFormat>();
const monies = new Map<string, Intl.NumberFormat>();

function cached<T>(cache: Map<string, T>, key: string, make: () => T): T {
  const known = cache.get(key);
  if (known !== undefined) return known;
  // The keys are few; should that ever be wrong, memory is bounded all the same.
  if (cache.size >= 1000) cache.clear();
  const made = make();
  cache.set(key, made);
  return made;
}

const dateStyle = { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' } as const;

/** The day of an instant (ISO 8601 with offset) in a zone (IANA): "Saturday, 5 December 2026". */
export function formatDate(instant: string, zone: string, locale: string): string {
  const format = cached(
    dates,
    `d ${locale} ${zone}`,
    () => new Intl.DateTimeFormat(locale, { ...dateStyle, timeZone: zone }),
  );
  return format.format(Date.parse(instant));
}

/** The time of day of an instant (ISO 8601 with offset) in a zone (IANA): "14:00", "2:00 PM". */
export function formatTime(instant: string, zone: string, locale: string): string {
  const format = cached(
    dates,
    `t ${locale} ${zone}`,
    () => new Intl.DateTimeFormat(locale, { timeStyle: 'short', timeZone: zone }),
  );
  return format.format(Date.parse(instant));
}

/** A time on the wall (HH:MM): "09:00", "9:00 AM". */
export function formatClock(time: string, locale: string): string {
  return formatTime(`1970-01-01T${time}:00Z`, 'UTC', locale);
}

/** An amount as documents hold it. */
export interface Money {
  /** Integer: value × 10^precision. */
  readonly amount: number;
  /** ISO 4217. */
  readonly currency: string;
  readonly precision: number;
}

/** An amount with its currency: "€45.00", "45,00 €". */
export function formatMoney({ amount, currency, precision }: Money, locale: string): string {
  const digits = { minimumFractionDigits: precision, maximumFractionDigits: precision };
  const format = cached(
    monies,
    `${locale} ${currency} ${precision}`,
    () => new Intl.NumberFormat(locale, { style: 'currency', currency, ...digits }),
  );
  return format.format(amount / 10 ** precision);
}

/** How a language without a region is formatted: American outside of America would be read as another date, and the other way round. */
const regions: Readonly<Record<string, { readonly america: string; readonly elsewhere: string }>> = {
  en: { america: 'en-US', elsewhere: 'en-GB' },
  es: { america: 'es-419', elsewhere: 'es-ES' },
};

/**
 * The locale in which to format a text that is written in `language`: the first region of that language that the guest
 * asked for (`de-AT` for a text in German), else that of the supplier by its time zone (IANA), else the language. What else a guest's
 * tag may hold is left out.
 */
export function formatLocale(language: string, wanted: readonly string[], timeZone: string): string {
  for (const tag of wanted) {
    const locale = parsed(tag);
    if (locale?.region !== undefined && locale.language === language) return `${language}-${locale.region}`;
  }
  const region = regions[language];
  if (region === undefined) return language;
  return /^(America|US|Canada)\//.test(timeZone) ? region.america : region.elsewhere;
}

function parsed(tag: string): Intl.Locale | undefined {
  try {
    return new Intl.Locale(tag);
  } catch {
    // A guest's tag may be anything; one that is no language tag asks for nothing.
    return undefined;
  }
}
