import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// `source` makes @carillon/* mean their TypeScript in packages/, as in tsconfig.json.
const conditions = ['source', 'node', 'development|production'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ['source', 'node'] } },
  test: {
    exclude: ['**/node_modules/**', '**/dist/**', 'e2e/**'],
    // Database threads load TypeScript of their own; from this cache they start in half the time.
    env: { NODE_COMPILE_CACHE: fileURLToPath(new URL('node_modules/.cache/compile', import.meta.url)) },
    pool: 'forks',
    maxWorkers: 2,
    // Property tests take seconds where the machine is busy.
    testTimeout: 30_000,
    projects: [
      { extends: true, test: { name: 'packages', include: ['packages/**/*.test.ts'] } },
      { extends: true, test: { name: 'scripts', include: ['scripts/**/*.test.js'] } },
      {
        extends: true,
        test: {
          name: 'server',
          include: ['apps/**/*.test.ts'],
          globalSetup: ['apps/server/test/support/global-setup.ts'],
        },
      },
    ],
  },
});
