import { defineConfig } from 'vitest/config';

export const AWS_TESTS = ['test/aws/**/*.test.ts', 'test/infra/aws/**/*.test.ts', 'test/adapters/store/s3*.test.ts'];

/** `npm run test:aws`: the stacks, and the deployed code against stand-ins of S3, Lambda and CloudFormation. */
export default defineConfig({
  test: {
    include: AWS_TESTS,
    reporters: ['default', './test/closing-line.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
