import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { compileKernels, moduleText } from '../../../.ci/compile-kernels.ts';

it('the committed module is what the compiler makes of its source', async () => {
  const committed = await readFile(new URL('../../../models/kernels/module.ts', import.meta.url), 'utf8');
  expect(moduleText(await compileKernels())).toBe(committed);
});
