import { expect, it } from 'vitest';
import { onEachEngine } from '../support/databases.ts';
import { accepted, guest, minuteMs, monday, openStage, refusalOf } from './stage.ts';

const dayMs = 86_400_000;
/** The cruise of 14:00 can be booked and cancelled until 13:00, which is 11:00 UTC. */
const cutoff = Date.UTC(2026, 5, 1, 11);

onEachEngine('how long a hold lasts', (open) => {
  it('is at most a day from when it was made, however often it is extended', async () => {
    const stage = await openStage(await open());
    const { uuid } = accepted(await stage.supplier.reserve(stage.website, stage.cruise()));
    const latest = new Date(monday + dayMs).toISOString();
    const longest = accepted(await stage.supplier.extend(stage.website, uuid, { expirationMinutes: 100_000 }));
    expect(longest.utcExpiresAt).toBe(latest);
    stage.clock.now = monday + dayMs - minuteMs;
    expect(accepted(await stage.supplier.extend(stage.website, uuid, {})).utcExpiresAt).toBe(latest);
    const restarted = await stage.supplier.update(stage.website, uuid, { expirationMinutes: 60 });
    expect(accepted(restarted).utcExpiresAt).toBe(latest);
    stage.clock.now = monday + dayMs;
    expect(refusalOf(await stage.supplier.extend(stage.website, uuid, {})).kind).toBe('unprocessable');
  });

  it('is never past the time until which its slot is sold: then it can be neither confirmed nor changed', async () => {
    const stage = await openStage(await open());
    const request = stage.cruise({ date: '2026-06-01', expirationMinutes: 600, contact: guest });
    const hold = accepted(await stage.supplier.reserve(stage.website, request));
    expect(hold.utcExpiresAt).toBe(new Date(cutoff).toISOString());
    const { uuid } = hold;
    const extended = accepted(await stage.supplier.extend(stage.website, uuid, { expirationMinutes: 900 }));
    expect(extended).toEqual(hold);
    stage.clock.now = cutoff;
    expect(refusalOf(await stage.supplier.confirm(stage.website, uuid, {}))).toEqual({ kind: 'booking', uuid });
    expect(refusalOf(await stage.supplier.update(stage.website, uuid, { notes: 'Late' })).kind).toBe('unprocessable');
  });

  it('is cut when it is moved to a slot that is sold for a shorter time', async () => {
    const stage = await openStage(await open());
    const request = stage.cruise({ expirationMinutes: 600 });
    const { uuid } = accepted(await stage.supplier.reserve(stage.website, request));
    const { availabilityId } = stage.cruise({ date: '2026-06-01' });
    const moved = accepted(await stage.supplier.update(stage.website, uuid, { availabilityId }));
    expect(moved.utcExpiresAt).toBe(new Date(cutoff).toISOString());
  });

  it('depends on the cut-off of sale alone: what can no longer be cancelled for free can still be sold', async () => {
    const stage = await openStage(await open());
    const definition = await stage.definition('cruise');
    const options = definition.options.map((option) => ({ ...option, cancellationCutoffUnit: 'day' as const }));
    accepted(await stage.supplier.saveProduct(stage.sample.supplierId, { ...definition, options }));
    const { uuid } = accepted(await stage.supplier.reserve(stage.website, stage.cruise({ date: '2026-06-01' })));
    const confirmed = accepted(await stage.supplier.confirm(stage.website, uuid, { contact: guest }));
    expect(confirmed).toMatchObject({ status: 'CONFIRMED', cancellable: false, updatable: false });
  });
});
