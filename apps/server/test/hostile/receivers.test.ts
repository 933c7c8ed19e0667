import { afterEach, expect, it, vi } from 'vitest';
import { onEachEngine } from '../support/databases.ts';
import { openings, waiting } from '../webhooks/stage.ts';
import { hostile, openHostile } from './receiver.ts';

const timeoutMs = 2_000;
const hour = 3_600_000;

onEachEngine('hostile receivers', (open) => {
  const { stage: openStage, receiver: openReceiver } = openings();
  const ends: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
  });

  it('each end within the limit with a clear reason that is stored, and cost an honest one nothing', async () => {
    const stage = await openStage(await open(), { limits: { timeoutMs } });
    const honest = await openReceiver();
    await stage.subscribe(honest.url);
    const told = new Map<string, readonly [string, string | number]>();
    for (const [what, [behave, expected]] of Object.entries(hostile)) {
      const receiver = await openHostile(behave);
      ends.push(receiver.close);
      const { id } = await stage.subscribe(receiver.url);
      told.set(id, [what, expected]);
    }
    stage.engine.start();
    const { uuid } = await stage.hold();
    await stage.confirm(uuid);

    await vi.waitFor(async () => expect(await stage.attempts()).toHaveLength(told.size + 1), {
      timeout: 15_000,
      interval: 20,
    });
    const webhookOf = new Map((await stage.deliveries()).map((one) => [one.id, one]));
    for (const { delivery_id, reason, status } of await stage.attempts()) {
      const delivery = webhookOf.get(delivery_id);
      const [what, expected] = told.get(delivery?.webhook_id ?? '') ?? ['is honest', 204];
      expect([what, reason ?? status]).toEqual([what, expected]);
      const accepted = typeof expected === 'number' && expected < 300;
      expect([what, delivery?.state]).toEqual([what, accepted ? 'delivered' : 'pending']);
    }
    expect(honest.received).toHaveLength(1);
    const kept = await stage.db.all<{ length: number; response: string | null; detail: string | null }>(
      'select length(response) as length, response, detail from attempts',
    );
    for (const { length, response, detail } of kept) {
      expect(length ?? 0).toBeLessThanOrEqual(16_384);
      expect(response ?? '').not.toContain('\0');
      expect(detail ?? '').not.toMatch(/undici|Error:|ECONN/);
    }
    expect(kept.map(({ response }) => response)).toEqual(
      expect.arrayContaining(['ab', expect.stringContaining('\ufffd')]),
    );
  });

  it.each([
    ['in seconds', '120', 120_000],
    ['in no time', '0', 5_000],
    ['that is past', 'Wed, 21 Oct 2015 07:28:00 GMT', 5_000],
    ['in the far future', 'Fri, 31 Dec 9999 23:59:59 GMT', 24 * hour],
    ['of more seconds than there are', '9'.repeat(300), 24 * hour],
    ['of less than none', '-5', 5_000],
    ['that says nothing', 'soon; maybe\t', 5_000],
    ['at a time', (now: number) => new Date(now + 2 * hour).toUTCString(), 2 * hour],
  ])('may ask for a Retry-After %s, and get it within 24 hours', async (_what, asked, wait) => {
    const stage = await openStage(await open());
    const header = typeof asked === 'string' ? asked : asked(stage.clock.now);
    const receiver = await openReceiver(() => ({ status: 503, headers: { 'retry-after': header } }));
    await stage.subscribe(receiver.url);
    stage.engine.start();
    const { uuid } = await stage.hold();
    await stage.confirm(uuid);
    await vi.waitFor(async () => expect(await stage.attempts()).toHaveLength(1), waiting);
    const [delivery] = await stage.deliveries();
    const due = (delivery?.due_at ?? 0) - stage.clock.now;
    // A date has whole seconds.
    expect(due).toBeGreaterThan(wait - 1000);
    expect(due).toBeLessThanOrEqual(wait);
  });
});
