import { type CapabilityId, type EventType, followsClock, objectKeys } from '@carillon/contract';
import { apply, diff, type Json, type Operation } from '@carillon/diff';
import { describe, expect, it } from 'vitest';
import { onEachEngine } from '../../../test/support/databases.ts';
import { openings } from '../../../test/webhooks/stage.ts';
import type { RecordedEvent } from '../../changes/index.ts';
import { contactLocales, renderView } from './view.ts';

const audiences = [
  { capabilities: [], language: 'en', fallback: 'en' },
  { capabilities: ['octo/pricing', 'octo/content'], language: 'de', fallback: 'en' },
  { capabilities: ['octo/cart', 'octo/pricing'], language: 'es', fallback: 'en' },
] satisfies { capabilities: CapabilityId[]; language: string; fallback: string }[];

interface Body {
  readonly object: Json;
  readonly diff: readonly Operation[];
}

function bodyOf(event: RecordedEvent, audience: (typeof audiences)[number]): Body | undefined {
  const view = renderView(event, audience);
  if (view === undefined) return undefined;
  const body = JSON.parse(`{${view.body}}`);
  return { object: body[objectKeys[event.type]], diff: body.diff };
}

onEachEngine('what an audience is told', (open) => {
  const { stage: stageOn } = openings();
  const recording = async () => {
    const events: RecordedEvent[] = [];
    const stage = await stageOn(await open(), {
      listeners: [{ recorded: async (_, told) => void events.push(...told) }],
    });
    const of = (type: EventType) => events.filter((event) => event.type === type);
    return { stage, of };
  };

  it('is, for each audience, a diff from what it was told before to what it is told now', async () => {
    const { stage, of } = await recording();
    const { uuid } = await stage.hold();
    await stage.confirm(uuid);
    await stage.note(uuid, 'by the window');
    const date = { availabilityId: '2026-06-11T14:00:00+02:00' };
    expect(await stage.supplier.update(stage.website, uuid, date)).toMatchObject({ ok: true });
    expect(await stage.supplier.cancel(stage.website, uuid, {})).toMatchObject({ ok: true });
    for (const type of ['booking_update', 'order_update'] as const) {
      for (const audience of audiences) {
        const told = of(type).flatMap((event) => bodyOf(event, audience) ?? []);
        expect(told.length).toBeGreaterThan(2);
        for (const [index, { object, diff: operations }] of told.entries()) {
          const before = told[index - 1]?.object;
          if (before === undefined) continue;
          const left = diff(apply(before, operations), object, { ignore: (path) => followsClock(type, path) });
          expect(left).toEqual([]);
        }
      }
    }
  });

  it('is nothing where an audience sees no change, whatever the times say', async () => {
    const { stage, of } = await recording();
    const { uuid } = await stage.hold();
    await stage.confirm(uuid);
    const event = of('order_update').at(-1)!;
    const touched = (document: object) => {
      const { bookings, ...order } = structuredClone(document) as { bookings: object[] };
      return { ...order, utcUpdatedAt: 'x', bookings: bookings.map((one) => ({ ...one, utcUpdatedAt: 'x' })) };
    };
    const after = touched(event.after) as unknown as RecordedEvent['after'];
    for (const audience of audiences)
      expect(renderView({ ...event, before: event.after, after }, audience)).toBeUndefined();
    expect(renderView({ ...event, after }, audiences[2]!)).toBeDefined();
  });
});

describe('the language of a contact', () => {
  const spoken = (...locales: string[]) => ({ contact: { locales } });
  const bookings = [
    { primary: false, ...spoken('fr') },
    { primary: true, ...spoken('es') },
  ];

  it.each([
    ["an order's own", spoken('de', 'fr'), ['de', 'fr']],
    ["its primary booking's, where the order has none", spoken(), ['es']],
  ])('of an order is %s', (_, own, locales) => {
    expect(contactLocales('order_update', { ...own, bookings } as unknown as RecordedEvent['after'])).toEqual(locales);
  });

  it('is none for a product', () => {
    expect(contactLocales('product_update', {} as RecordedEvent['after'])).toEqual([]);
  });
});
