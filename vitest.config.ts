import { defineConfig } from 'vitest/config';

const exclude = ['**/node_modules/**', '**/dist/**'];
const resolve = { conditions: ['development'] };
const ssr = { resolve: { conditions: ['development', 'node'], externalConditions: ['development'] } };

export default defineConfig({
  test: {
    projects: [
      {
        resolve,
        ssr,
        test: {
          name: 'unit',
          include: ['{apps,libs}/*/src/**/*.spec.ts', '{tools,e2e}/src/**/*.spec.ts'],
          exclude,
          // Nothing is judged by how fast the machine is that runs it.
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      {
        resolve,
        ssr,
        test: {
          name: 'int',
          include: ['{apps,libs}/*/src/**/*.int-spec.ts'],
          exclude,
          globalSetup: ['libs/embedded/src/vitest-servers.ts'],
          testTimeout: 30_000,
          hookTimeout: 120_000,
          maxWorkers: 2,
        },
      },
      {
        resolve,
        ssr,
        test: {
          name: 'full',
          include: ['tools/src/**/*.full-spec.ts'],
          exclude,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: 1,
        },
      },
      {
        resolve,
        ssr,
        test: {
          name: 'e2e',
          include: ['e2e/src/**/*.e2e-spec.ts'],
          exclude,
          globalSetup: ['libs/embedded/src/vitest-servers.ts'],
          testTimeout: 120_000,
          hookTimeout: 180_000,
          maxWorkers: 1,
        },
      },
      {
        resolve,
        ssr,
        test: {
          name: 'web',
          include: ['e2e/src/**/*.web-spec.ts'],
          exclude,
          testTimeout: 300_000,
          hookTimeout: 180_000,
          maxWorkers: 1,
        },
      },
    ],
  },
});
