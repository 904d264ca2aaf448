import { readFileSync } from 'node:fs';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { environments } from '../functions/http/environment.ts';
import { bundling, entryOf } from '../infra/aws/constructs/bundle.ts';

interface Budget {
  /** A little more than it takes: whoever goes beyond it decides so, here. */
  readonly bytes: number;
  /** Packages that must not be in it. */
  readonly without: readonly string[];
}

const budgets: Readonly<Record<string, Budget>> = JSON.parse(
  readFileSync(new URL('budgets.json', import.meta.url), 'utf8'),
);

/** For development and deployment: in no function. */
const NOWHERE = ['aws-cdk-lib', 'constructs', 'cdk-nag', 'esbuild', 'commander'];

/** How far below its budget a bundle may be before the budget says nothing any more. */
const SLACK = 0.2;

const weigh = async (verb: string) => {
  const { metafile } = await build({
    ...bundling,
    entryPoints: [entryOf(verb)],
    outdir: 'none',
    write: false,
    metafile: true,
  });
  const [output] = Object.values(metafile.outputs);
  const modules = Object.entries(output?.inputs ?? {}).flatMap(([path, { bytesInOutput }]) =>
    bytesInOutput > 0 ? [path] : [],
  );
  return { bytes: output?.bytes ?? 0, packages: new Set(modules.map(packageOf)) };
};

const packageOf = (path: string): string => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? '';

const isOf = (name: string, family: string): boolean => name === family || name.startsWith(`${family}/`);

describe('budgets', () => {
  it('are there for every function', () => {
    expect(Object.keys(budgets).toSorted()).toEqual(Object.keys(environments).toSorted());
  });

  it.each(Object.entries(budgets))('%s keeps to its own', async (verb, budget) => {
    const { bytes, packages } = await weigh(verb);
    const unwanted = [...packages].filter((name) =>
      [...NOWHERE, ...budget.without].some((family) => isOf(name, family)),
    );
    expect(unwanted).toEqual([]);
    expect(bytes).toBeLessThanOrEqual(budget.bytes);
    expect(bytes).toBeGreaterThan(budget.bytes * (1 - SLACK));
  });

  it('see a package that is there', async () => {
    expect((await weigh('predict')).packages).toContain('typebox');
  });

  it('keep predict under half a megabyte without an engine for large models', () => {
    expect(budgets.predict?.bytes).toBeLessThan(500_000);
  });
});
