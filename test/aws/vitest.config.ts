import { defineConfig } from 'vitest/config';

/** The deployment to the stand-in: minutes, and a machine with moto. */
export default defineConfig({
  test: {
    include: ['test/aws/stand-in.test.ts'],
    reporters: ['default', './test/closing-line.ts'],
    bail: 1,
  },
});
