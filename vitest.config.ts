import { configDefaults, defineConfig } from 'vitest/config';
import { AWS_TESTS } from './vitest.aws.config.ts';

const EXCLUDED = [...configDefaults.exclude, ...AWS_TESTS];

/** What keeps nothing in its modules from one file to the next: a process for each would take half of the time. */
const ROOMS = ['models', 'adapters', 'functions', 'apps'].map((room) => `test/${room}/**/*.test.ts`);
/** Counts what observers have failed at since its process began. */
const COUNTING = 'test/functions/http/log.test.ts';

/** `npm test`: everything that a laptop proves. What needs AWS's stand-ins has a command of its own. */
export default defineConfig({
  test: {
    projects: [
      { extends: true, test: { name: 'rooms', include: ROOMS, exclude: [...EXCLUDED, COUNTING], isolate: false } },
      { extends: true, test: { name: 'programs', include: ['test/**/*.test.ts'], exclude: [...EXCLUDED, ...ROOMS] } },
      { extends: true, test: { name: 'apart', include: [COUNTING] } },
    ],
    reporters: ['default', './test/closing-line.ts'],
    // Most of the time goes by in waiting for processes and clocks: more workers than cores are faster.
    maxWorkers: 4,
    // Wide, so that no test fails for a busy machine: they end when they end.
    testTimeout: 60_000,
    hookTimeout: 90_000,
    coverage: { provider: 'v8', include: ['models/**', 'adapters/**', 'functions/**', 'infra/local/**', 'apps/**'] },
  },
});
