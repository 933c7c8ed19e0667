import { expect, test } from 'vitest';
import { problemsOf } from './files.js';

test.each([
  ['README.md', ['run ', '/ho', 'me/ada/carillon'], /^README.md:1: .home.ada is a path of one machine/],
  ['notes.md', ['first line\n(', '/ro', 'ot/notes)'], /^notes.md:2: .root.notes is a path of one machine/],
  ['.npmrc', ['registry=https://', 'registry', '.npmjs.org/'], /^.npmrc:1: registry[.]npmjs[.]org is the host/],
  ['package-lock.json', ['"resolved": "', 'https://example.org/a.tgz"'], /^package-lock.json: packages are resolved/],
])('%s may not hold what is true of one machine only', (file, parts, problem) => {
  expect(problemsOf(file, parts.join(''))).toEqual([expect.stringMatching(problem)]);
});

test('paths of the product and addresses of others are fine', () => {
  expect(problemsOf('a.md', 'GET /octo/work/orders, https://example.org/home/page, ./work/it, ~/home/x')).toEqual([]);
  expect(problemsOf('package-lock.json', '"resolved": "packages/diff", "link": true')).toEqual([]);
});
