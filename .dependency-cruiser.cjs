// @ts-check
// The module map: who may import whom. CONTRIBUTING.md says it in words; scripts/checks/module-map.js runs it.

const modules = {
  platform: [],
  changes: ['platform'],
  supplier: ['changes', 'platform'],
  inbound: ['changes', 'platform'],
  webhooks: ['changes', 'platform'],
  email: ['changes', 'platform'],
  octo: ['supplier', 'webhooks', 'platform'],
  // What is no longer kept is taken out of every module's tables.
  retention: ['changes', 'webhooks', 'email', 'platform'],
  admin: ['changes', 'supplier', 'inbound', 'webhooks', 'email', 'octo', 'retention', 'platform'],
  telemetry: ['webhooks', 'email', 'platform'],
  // Clients of the whole, over HTTP: they know nothing of the inside.
  demo: [],
  commands: [],
};

const src = '^apps/server/src/';
// platform has no idea of its own, so each of its folders is a door too.
const doors = '([^/]+|platform/[^/]+)/index[.]ts$';
const tests = '[.]test[.][jt]sx?$|^(apps|packages)/[^/]+/test/';
const product = { path: '^(apps|packages)/[^/]+/src/', pathNot: tests };

/**
 * One rule for each module: it reaches into no module but those that the map names.
 * @type {import('dependency-cruiser').IForbiddenRuleType[]}
 */
const mapped = Object.entries(modules).map(([name, allowed]) => ({
  name: `${name}-imports`,
  comment: `${name} may import ${allowed.join(', ') || 'no other module'}, and packages.`,
  severity: 'error',
  from: { path: `${src}${name}/` },
  to: { path: `${src}.+`, pathNot: `${src}(${[name, ...allowed].join('|')})/` },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...mapped,
    {
      name: 'module-on-the-map',
      comment: 'A folder of apps/server/src is a module: add it to the map in .dependency-cruiser.cjs.',
      severity: 'error',
      from: {},
      to: { path: `${src}[^/]+/`, pathNot: `${src}(${Object.keys(modules).join('|')})/` },
    },
    {
      name: 'through-index',
      comment: 'A module is entered through its index.ts (in platform: through that of db, log, …).',
      severity: 'error',
      from: { path: `${src}([^/]+)/` },
      to: { path: `${src}[^/]+/.+`, pathNot: `${src}($1/|${doors})` },
    },
    {
      name: 'through-index-from-outside',
      comment: 'A module is entered through its index.ts (in platform: through that of db, log, …).',
      severity: 'error',
      from: { pathNot: `${src}[^/]+/` },
      to: { path: `${src}[^/]+/.+`, pathNot: `${src}${doors}` },
    },
    {
      name: 'package-through-its-name',
      comment: 'A package is imported by its name, which leads to its src/index.ts.',
      severity: 'error',
      from: { pathNot: '^packages/([^/]+)/' },
      to: { path: '^packages/', pathNot: '^packages/[^/]+/src/index[.]ts$' },
    },
    {
      name: 'package-through-its-name-from-package',
      comment: 'A package is imported by its name, which leads to its src/index.ts.',
      severity: 'error',
      from: { path: '^packages/([^/]+)/' },
      to: { path: '^packages/', pathNot: '^packages/($1/|[^/]+/src/index[.]ts$)' },
    },
    {
      name: 'packages-know-no-app',
      comment: 'Packages are published, or run in a browser: they know nothing of the apps.',
      severity: 'error',
      from: { path: '^packages/' },
      to: { path: '^apps/' },
    },
    {
      name: 'diff-imports-nothing',
      comment: 'packages/diff is pure and has no dependencies.',
      severity: 'error',
      from: { path: '^packages/diff/src/', pathNot: tests },
      to: { pathNot: '^packages/diff/src/' },
    },
    {
      name: 'runs-in-a-browser',
      comment: 'packages/contract and packages/blocks also run in a browser, so they use nothing of Node.',
      severity: 'error',
      from: { path: '^packages/(contract|blocks)/src/', pathNot: tests },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'no-cycle',
      comment: 'Two files that import each other are one idea, or one too few.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'product-without-tests',
      comment: 'Product code imports no test, and nothing of bench, e2e and scripts.',
      severity: 'error',
      from: product,
      to: { path: `${tests}|^(bench|e2e|scripts)/` },
    },
    {
      name: 'product-without-dev-dependencies',
      comment: 'What the product imports is in the dependencies of its package.json.',
      severity: 'error',
      from: product,
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], pathNot: '^packages/' },
    },
    {
      name: 'resolvable',
      comment: 'Every import leads to a file.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    // TypeScript 7 has no parser that dependency-cruiser could use; without this one it reads .ts files as JavaScript.
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(apps|packages)/[^/]+/dist/' },
    combinedDependencies: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'node', 'default'],
      extensions: ['.ts', '.js'],
    },
  },
};
