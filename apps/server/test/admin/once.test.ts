import { expect, it } from 'vitest';
import { forgettingWork } from '../../src/admin/index.ts';
import { onEachEngine } from '../support/databases.ts';
import { booked } from './booked.ts';
import { openStage, type Stage } from './stage.ts';

/** Tells an order something with an Idempotency-Key, and gives the answer as the bytes that came. */
async function told(stage: Stage, path: string, body: object, key: string) {
  const response = await stage.adminRequest(`/api${path}`, {
    method: 'POST',
    headers: { authorization: 'Bearer ours', 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify(body),
  });
  return { status: response.status, text: await response.text() };
}

const transactions = ({ text }: { readonly text: string }) => JSON.parse(text).transactions.length;

onEachEngine('a payment or refund with an Idempotency-Key', (open) => {
  it.each(['payments', 'refunds'])('of %s is carried out once, and answered as it was the first time', async (call) => {
    const stage = await openStage(await open());
    const { orderId } = await booked(stage);
    const path = `/orders/${orderId}`;
    await told(stage, `${path}/payments`, { amount: 1_000 }, 'before');
    const first = await told(stage, `${path}/${call}`, { amount: 200, reference: 'R-1' }, 'key');
    expect(first.status).toBe(201);
    await told(stage, `${path}/payments`, { amount: 50 }, 'between');
    stage.clock.now += 86_400_000;
    expect(await told(stage, `${path}/${call}`, { reference: 'R-1', amount: 200 }, 'key')).toEqual(first);
    const { body } = await stage.api('GET', path);
    expect(body.transactions).toHaveLength(3);
  });

  it('comes many times at once and is one transaction, also when it pays all that is outstanding', async () => {
    const stage = await openStage(await open());
    const { orderId, pricing } = await booked(stage);
    const path = `/orders/${orderId}/payments`;
    const all = await Promise.all(
      Array.from({ length: 6 }, () => told(stage, path, { amount: pricing.retail }, 'all')),
    );
    expect(new Set(all.map(({ text }) => text)).size).toBe(1);
    expect(all.map(({ status }) => status)).toEqual(Array(6).fill(201));
    expect(all.map(transactions)).toEqual(Array(6).fill(1));
  });

  it('is refused with another body, another call or another order, naming the header', async () => {
    const stage = await openStage(await open());
    const [one, other] = [await booked(stage), await booked(stage)];
    const path = `/orders/${one.orderId}`;
    await told(stage, `${path}/payments`, { amount: 100 }, 'key');
    for (const [at, body] of [
      [`${path}/payments`, { amount: 101 }],
      [`${path}/refunds`, { amount: 100 }],
      [`/orders/${other.orderId}/payments`, { amount: 100 }],
    ] as const) {
      const { status, text } = await told(stage, at, body, 'key');
      expect([status, text]).toEqual([400, expect.stringContaining('Idempotency-Key')]);
    }
    expect((await told(stage, `${path}/payments`, { amount: 100 }, 'k'.repeat(256))).status).toBe(400);
    expect((await stage.api('GET', path)).body.transactions).toHaveLength(1);
  });

  it('is remembered for two days and then forgotten, also where no such call comes any more', async () => {
    const db = await open();
    const stage = await openStage(db);
    const { orderId } = await booked(stage);
    const path = `/orders/${orderId}/payments`;
    const forget = forgettingWork({ db, now: () => stage.clock.now });
    await told(stage, path, { amount: 1 }, 'old');
    const kept = () => db.all('select idempotency_key as key from kept_answers order by idempotency_key');
    stage.clock.now += 25 * 3_600_000;
    await told(stage, path, { amount: 1 }, 'young');
    expect(await forget()).toBe('idle');
    expect(await kept()).toEqual([{ key: 'old' }, { key: 'young' }]);
    stage.clock.now += 24 * 3_600_000;
    await forget();
    expect(await kept()).toEqual([{ key: 'young' }]);
    stage.clock.now += 25 * 3_600_000;
    await forget();
    expect(await kept()).toEqual([]);
  });

  it('is forgotten in portions', async () => {
    const db = await open();
    const { sample } = await openStage(db);
    const answers = Array.from(
      { length: 450 },
      (_, index) => `('${sample.supplierId}', 'k${index}', 'f', '{}', ${index})`,
    );
    await db.run(`insert into kept_answers values ${answers.join(', ')}`);
    const forget = forgettingWork({ db, now: () => 72 * 3_600_000 });
    expect([await forget(), await forget(), await forget()]).toEqual(['more', 'more', 'idle']);
    expect(await db.all('select 1 as one from kept_answers')).toEqual([]);
  });

  it('that was refused can be sent again', async () => {
    const stage = await openStage(await open());
    const { orderId } = await booked(stage);
    const path = `/orders/${orderId}`;
    expect((await told(stage, `${path}/refunds`, { amount: 10 }, 'key')).status).toBe(422);
    await told(stage, `${path}/payments`, { amount: 10 }, 'pay');
    expect((await told(stage, `${path}/refunds`, { amount: 10 }, 'key')).status).toBe(201);
  });
});
