import { describe, expect, it } from 'vitest';
import { type Lookup, Names } from './names.ts';

type Answer = Parameters<Lookup>[1];
const at = (address: string) => [{ address, family: 4 }];
const gone = Object.assign(new Error('gone'), { code: 'ENOTFOUND' });

/** Names whose lookups the test answers, under a clock that the test moves. */
function names() {
  const clock = { now: 0 };
  const lookups: { name: string; answer: Answer }[] = [];
  const subject = new Names(
    (name, answer) => void lookups.push({ name, answer }),
    () => clock.now,
  );
  const resolve = (name: string) =>
    new Promise<string>((done) => {
      subject.resolve(name, (error, addresses) => done(error?.code ?? addresses.map((each) => each.address).join()));
    });
  return { clock, lookups, resolve, forget: (name: string) => subject.forget(name) };
}

describe('names', () => {
  it('are looked up once for all who ask at the same time', async () => {
    const { lookups, resolve } = names();
    const asked = [resolve('a'), resolve('a'), resolve('b')];
    expect(lookups.map(({ name }) => name)).toEqual(['a', 'b']);
    lookups[1]?.answer(null, at('2.2.2.2'));
    lookups[0]?.answer(null, at('1.1.1.1'));
    expect(await Promise.all(asked)).toEqual(['1.1.1.1', '1.1.1.1', '2.2.2.2']);
  });

  it('are remembered for 30 seconds, then answered from memory while they are looked up again', async () => {
    const { clock, lookups, resolve } = names();
    const first = resolve('a');
    lookups[0]?.answer(null, at('1.1.1.1'));
    await first;
    clock.now = 29_999;
    expect(await resolve('a')).toBe('1.1.1.1');
    expect(lookups.length).toBe(1);
    clock.now = 30_000;
    expect(await Promise.all([resolve('a'), resolve('a')])).toEqual(['1.1.1.1', '1.1.1.1']);
    expect(lookups.length).toBe(2);
    lookups[1]?.answer(null, at('1.1.1.2'));
    expect(await resolve('a')).toBe('1.1.1.2');
    expect(lookups.length).toBe(2);
  });

  it('are not answered from a memory older than ten minutes', async () => {
    const { clock, lookups, resolve } = names();
    const first = resolve('a');
    lookups[0]?.answer(null, at('1.1.1.1'));
    await first;
    clock.now = 600_000;
    const later = resolve('a');
    lookups[1]?.answer(null, at('1.1.1.2'));
    expect(await later).toBe('1.1.1.2');
  });

  it('that fail are told to all who wait and, for five seconds, to all who ask', async () => {
    const { clock, lookups, resolve, forget } = names();
    const asked = [resolve('a'), resolve('a')];
    lookups[0]?.answer(gone, []);
    expect(await Promise.all(asked)).toEqual(['ENOTFOUND', 'ENOTFOUND']);
    // Whoever could not connect says so.
    forget('a');
    clock.now = 4_999;
    expect(await resolve('a')).toBe('ENOTFOUND');
    expect(lookups.length).toBe(1);
    clock.now = 5_000;
    const again = resolve('a');
    lookups[1]?.answer(null, at('1.1.1.1'));
    expect(await again).toBe('1.1.1.1');
  });

  it('that failed before are looked up two at a time, and hold up no others', async () => {
    const { clock, lookups, resolve } = names();
    const silent = ['a', 'b', 'c', 'd'];
    const first = silent.map(resolve);
    for (const { answer } of lookups.splice(0)) answer(gone, []);
    await Promise.all(first);
    clock.now = 5_000;
    const again = [...silent, 'e'].map(resolve);
    expect(lookups.map(({ name }) => name)).toEqual(['a', 'b', 'e']);
    lookups[0]?.answer(gone, []);
    expect(lookups.at(-1)?.name).toBe('c');
    for (let n = 1; n < lookups.length; n += 1) lookups[n]?.answer(null, at('1.1.1.1'));
    expect(lookups.at(-1)?.name).toBe('d');
    expect(await Promise.all(again)).toEqual(['ENOTFOUND', ...Array(4).fill('1.1.1.1')]);
  });

  it('that are new are looked up eight at a time, and hold up none that is known', async () => {
    const { lookups, resolve, forget } = names();
    const known = resolve('known.example');
    lookups.shift()?.answer(null, at('1.1.1.1'));
    await known;
    const silent = Array.from({ length: 100 }, (_, n) => resolve(`silent-${n}.example${n}`));
    expect(lookups.length).toBe(8);
    forget('known.example');
    const again = resolve('known.example');
    expect(lookups.at(-1)?.name).toBe('known.example');
    lookups.at(-1)?.answer(null, at('1.1.1.2'));
    expect(await again).toBe('1.1.1.2');
    for (let n = 0; n < lookups.length; n += 1) if (n !== 8) lookups[n]?.answer(gone, []);
    expect(await Promise.all(silent)).toEqual(Array(100).fill('ENOTFOUND'));
  });

  it('that are new and of one site hold back no other site', async () => {
    const { lookups, resolve } = names();
    for (let n = 0; n < 100; n += 1) void resolve(`${n}.silent.example`);
    const other = resolve('hooks.other.test');
    expect(lookups.map(({ name }) => name)).toEqual(['0.silent.example', '1.silent.example', 'hooks.other.test']);
    lookups[2]?.answer(null, at('1.1.1.1'));
    expect(await other).toBe('1.1.1.1');
    lookups[0]?.answer(gone, []);
    expect(lookups.at(-1)?.name).toBe('2.silent.example');
  });

  it('are looked up again after connecting failed, also when that lookup was under way already', async () => {
    const { clock, lookups, resolve, forget } = names();
    const first = resolve('a');
    lookups[0]?.answer(null, at('1.1.1.1'));
    await first;
    forget('a');
    const second = resolve('a');
    lookups[1]?.answer(null, at('1.1.1.2'));
    expect(await second).toBe('1.1.1.2');
    clock.now = 40_000;
    expect(await resolve('a')).toBe('1.1.1.2');
    forget('a');
    const third = resolve('a');
    expect(lookups.length).toBe(3);
    lookups[2]?.answer(null, at('1.1.1.3'));
    expect(await third).toBe('1.1.1.3');
  });

  it('take bounded memory', async () => {
    const { lookups, resolve } = names();
    for (let n = 0; n < 10_001; n += 1) {
      const asked = resolve(`host-${n}`);
      lookups[n]?.answer(null, at('1.1.1.1'));
      await asked;
    }
    await resolve('host-10000');
    expect(lookups.length).toBe(10_001);
    void resolve('host-0');
    expect(lookups.length).toBe(10_002);
  });
});
