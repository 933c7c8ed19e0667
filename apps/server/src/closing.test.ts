import { expect, it } from 'vitest';
import { Closing } from './closing.ts';

function opened() {
  const logged: { code: string; step?: unknown }[] = [];
  const log = { warn: (fields: never) => void logged.push(fields), error: (fields: never) => void logged.push(fields) };
  return { closing: new Closing(log), logged };
}

it('closes the last first, and each only once', async () => {
  const { closing } = opened();
  const closed: string[] = [];
  for (const name of ['database', 'workers', 'http']) closing.add(name, 1, async () => closed.push(name));
  expect(await closing.close(1_000)).toBe(true);
  expect(await closing.close(1_000)).toBe(true);
  expect(closed).toEqual(['http', 'workers', 'database']);
});

it('waits within its limit for what does not end or fails, and closes the rest', async () => {
  const { closing, logged } = opened();
  const limits: number[] = [];
  closing.add('database', 1, async (limitMs) => limits.push(limitMs));
  closing.add('workers', 0.5, () => new Promise(() => undefined));
  closing.add('http', 0.5, async (limitMs) => {
    limits.push(limitMs);
    throw new Error('no');
  });
  expect(await closing.close(100)).toBe(false);
  expect(logged).toMatchObject([
    { code: 'server.close_failed', step: 'http' },
    { code: 'server.still_closing', step: 'workers' },
  ]);
  const [http, database] = limits;
  expect(http).toBeCloseTo(50, -1);
  expect(database).toBeLessThan(50);
});
