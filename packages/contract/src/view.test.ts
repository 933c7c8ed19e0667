import { describe, expect, test } from 'vitest';
import { availability, booking, order, product } from '../test/documents.ts';
import type { CapabilityId } from './capabilities.ts';
import type { ProductDocument } from './document.ts';
import { type Audience, followsClock, view, viewBy } from './view.ts';

const inTime = Date.parse('2026-06-01T08:00:00Z');
const tooLate = Date.parse('2026-06-11T08:00:00Z');
const all: readonly CapabilityId[] = ['octo/content', 'octo/pricing', 'octo/cart'];

const audience = (language: string, fallback = 'en', capabilities = all): Audience => ({
  capabilities: new Set(capabilities),
  language,
  fallback,
});

describe('the texts of a view', () => {
  const titled = ($text: Record<string, string>): ProductDocument => ({ ...product, title: { $text } });
  const titleIn = (document: ProductDocument, language: string, fallback?: string) =>
    view('product_update', document, audience(language, fallback), inTime).title;

  test('are in the language of the audience, else in the fallback, else in any that there is', () => {
    const document = titled({ en: 'Cruise', de: 'Rundfahrt', 'pt-BR': 'Passeio' });
    expect(titleIn(document, 'de')).toBe('Rundfahrt');
    expect(titleIn(document, 'de-AT')).toBe('Rundfahrt');
    expect(titleIn(document, 'pt_BR')).toBe('Passeio');
    expect(titleIn(document, 'fr', 'de')).toBe('Rundfahrt');
    expect(titleIn(titled({ es: 'Crucero' }), 'fr', 'de')).toBe('Crucero');
    expect(titleIn(titled({}), 'en')).toBe('');
  });

  test('are replaced also inside what a document embeds', () => {
    const shown = view('order_update', order, audience('de'), inTime);
    expect(JSON.stringify(shown)).not.toContain('$text');
    expect(shown).toMatchObject({ bookings: [{ product: { features: [{ shortDescription: 'Kaffee' }] } }] });
  });

  test('do not mix where two audiences look at the same document', () => {
    const [german, english] = ['de', 'en'].map((language) =>
      view('booking_update', booking, audience(language), inTime),
    );
    expect([german, english]).toMatchObject([{ product: { title: 'Rundfahrt' } }, { product: { title: 'Cruise' } }]);
    const bare = view('booking_update', booking, audience('de', 'en', []), inTime);
    expect(bare.product).not.toHaveProperty('title');
    expect(bare.product).not.toHaveProperty('pricingPer');
  });
});

describe('the fields of a view that follow the clock', () => {
  test('are worked out when it is made, in the document and in what it embeds', () => {
    const flags = { cancellable: true, updatable: true, confirmable: true, availability: { available: true } };
    const over = { cancellable: false, updatable: false, confirmable: false, availability: { available: false } };
    const shown = (now: number) => view('order_update', order, audience('en'), now);
    const { availability: _, ...orderFlags } = flags;
    expect(shown(inTime)).toMatchObject({ ...orderFlags, bookings: [flags] });
    expect(shown(tooLate)).toMatchObject({ cancellable: false, confirmable: false, bookings: [over] });
    expect(view('availability_update', availability, audience('en'), tooLate)).toMatchObject({ available: false });
  });

  test.each([
    ['booking_update', ['cancellable'], true],
    ['booking_update', ['updatable'], true],
    ['booking_update', ['availability', 'available'], true],
    ['booking_update', ['availability', 'status'], false],
    ['booking_update', ['availability'], false],
    ['booking_update', ['cancellation', 'cancellable'], false],
    ['order_update', ['confirmable'], true],
    ['order_update', ['bookings', 3, 'confirmable'], true],
    ['order_update', ['bookings', 0, 'availability', 'available'], true],
    ['order_update', ['bookings', 0], false],
    ['order_update', [], false],
    ['availability_update', ['available'], true],
    ['product_update', ['available'], false],
  ] as const)('are no part of diffs: in a %s the path %j is one: %s', (type, path, expected) => {
    expect(followsClock(type, path)).toBe(expected);
  });
});

test('a view leaves its document as it is, and leaves out what is undefined', () => {
  const before = structuredClone(order);
  view('order_update', order, audience('de'), tooLate);
  expect(order).toEqual(before);
  expect(viewBy(new Map(), { a: undefined, b: null }, audience('en'))).toEqual({ b: null });
});

test('a field may have any name', () => {
  const node = JSON.parse('{"__proto__": {"a": 1}, "constructor": 2}');
  expect(JSON.stringify(viewBy(new Map(), node, audience('en')))).toBe('{"__proto__":{"a":1},"constructor":2}');
});
