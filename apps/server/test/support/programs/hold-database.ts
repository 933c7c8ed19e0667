import { DataDirectoryInUse } from '../../../src/platform/db/index.ts';
import { openPlace, type Place } from '../place.ts';

// Opens the database at the place that is its argument, says so, and holds it until its standard input ends.
try {
  const db = await openPlace(JSON.parse(process.argv[2] ?? '') as Place);
  process.stdout.write('open\n');
  process.stdin.on('end', () => db.close()).resume();
} catch (error) {
  if (!(error instanceof DataDirectoryInUse)) throw error;
  process.stdout.write(`refused: ${error.message}\n`);
}
