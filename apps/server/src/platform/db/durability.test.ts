import { expect, it } from 'vitest';
import { onEachEngine } from '../../../test/support/databases.ts';
import { startProgram } from '../../../test/support/program.ts';
import { runs } from '../../../test/support/scale.ts';

onEachEngine('kill -9 of the server', (open, place) => {
  it('loses nothing that was acknowledged, and leaves nothing by halves', { timeout: 60_000 }, async () => {
    const at = await place({ migrate: false });
    const setUp = await open({ place: at, migrate: false });
    await setUp.run('create table notes (id bigint primary key, body text not null)');
    await setUp.close();
    const acknowledged: number[] = [];
    for (let run = 0; run < runs(3); run++) {
      const program = startProgram('write-notes', at);
      const until = acknowledged.length + 200 + 37 * run;
      while (acknowledged.length < until) acknowledged.push(Number(await program.line()));
      await program.kill();
      // What it had said before it was killed.
      for (let line = await program.line(); line !== undefined; line = await program.line())
        acknowledged.push(Number(line));
      const db = await open({ place: at, migrate: false });
      const rows = await db.all<{ id: number }>('select id from notes order by id');
      const found = new Set(rows.map(({ id }) => id));
      expect(acknowledged.filter((pair) => !found.has(2 * pair) || !found.has(2 * pair + 1))).toEqual([]);
      expect(rows.filter(({ id }) => !found.has(id ^ 1))).toEqual([]);
      await db.close();
    }
  });
});
