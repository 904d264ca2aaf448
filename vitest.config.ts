import { configDefaults, defineConfig } from 'vitest/config';
import { AWS_TESTS } from './vitest.aws.config.ts';

/** `npm test`: everything that a laptop proves. What needs AWS's stand-ins has a command of its own. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, ...AWS_TESTS],
    reporters: ['default', './test/closing-line.ts'],
    // Most of the time goes by in waiting for processes and clocks: more workers than cores are faster.
    maxWorkers: 4,
    // Wide, so that no test fails for a busy machine: they end when they end.
    testTimeout: 60_000,
    hookTimeout: 90_000,
    coverage: { provider: 'v8', include: ['models/**', 'adapters/**', 'functions/**', 'infra/local/**', 'apps/**'] },
  },
});
