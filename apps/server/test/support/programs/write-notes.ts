import { openPlace, type Place } from '../place.ts';

// Writes pairs of notes at the place that is its argument, many at a time, and says the number of each pair whose commit was
// acknowledged. It never stops.
const db = await openPlace(JSON.parse(process.argv[2] ?? '') as Place);
const [last] = await db.all<{ id: number | null }>('select max(id) as id from notes');
let next = Math.ceil(((last?.id ?? 0) + 1) / 2);

async function write(): Promise<never> {
  for (;;) {
    const pair = next++;
    if (pair % 2 === 0) {
      await db.run('insert into notes values ($1, $3), ($2, $3)', [2 * pair, 2 * pair + 1, 'x'.repeat(1000)]);
    } else {
      await db.transaction(async (tx) => {
        await tx.run('insert into notes values ($1, $2)', [2 * pair, 'x'.repeat(1000)]);
        await tx.run('insert into notes values ($1, $2)', [2 * pair + 1, 'y'.repeat(1000)]);
      });
    }
    process.stdout.write(`${pair}\n`);
  }
}

await Promise.all(Array.from({ length: 20 }, write));
