// @ts-check
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Visitor } from '@swc/core/Visitor.js';
import { cruise, format } from 'dependency-cruiser';
import map from '../../.dependency-cruiser.cjs';

const folders = ['apps', 'packages', 'bench', 'e2e', 'scripts'];

/** An import or export that names where from, so that a file with one has a dependency. */
const namesAnother = /^\s*(import|export)\b[^;'"]*\bfrom\s+['"]/m;

// swc parses `using`, and its visitor, which dependency-cruiser walks the tree with, does not know it.
const { visitStatement } = Visitor.prototype;
Visitor.prototype.visitStatement = function (statement) {
  const { type, decls } = /** @type {{ type: string, decls: import('@swc/core').VariableDeclarator[] }} */ (
    /** @type {unknown} */ (statement)
  );
  if (type !== 'UsingDeclaration') return visitStatement.call(this, statement);
  this.visitVariableDeclarators(decls);
  return statement;
};

/**
 * Holds every TypeScript file below `baseDir` against the module map.
 * @param {string} baseDir
 * @returns {Promise<import('../check.js').Found>}
 */
export async function check(baseDir) {
  const { forbidden = [], options } = map;
  const present = folders.filter((folder) => existsSync(join(baseDir, folder)));
  const { output } = await cruise(present, { ...options, baseDir, ruleSet: { forbidden }, validate: true });
  if (typeof output === 'string') throw new TypeError('dependency-cruiser gave a text in place of its result');

  const problems = [];
  if (output.summary.error > 0) problems.push(String((await format(output, { outputType: 'err-long' })).output));

  // A cruise that read nothing finds nothing wrong: each file must have been read, and its imports seen.
  const cruised = new Map(output.modules.map((module) => [module.source, module.dependencies.length]));
  const files = typescriptFiles(baseDir, present);
  for (const file of files) {
    const imports = cruised.get(file);
    if (imports === undefined) problems.push(`${file} was not checked.`);
    else if (imports === 0 && namesAnother.test(readFileSync(join(baseDir, file), 'utf8'))) {
      problems.push(`${file} was read, but its imports were not seen.`);
    }
  }
  if (files.length === 0) problems.push('No TypeScript file was found.');
  const imports = files.reduce((sum, file) => sum + (cruised.get(file) ?? 0), 0);
  return { seen: `${files.length} files, ${imports} imports`, problems };
}

/**
 * @param {string} baseDir
 * @param {readonly string[]} present
 */
function typescriptFiles(baseDir, present) {
  return globSync(
    present.map((folder) => `${folder}/**/*.{ts,tsx}`),
    { cwd: baseDir, exclude: (name) => /(^|[\\/])(node_modules|dist)$/.test(name) },
  )
    .map((file) => file.replaceAll('\\', '/'))
    .sort();
}
