import { readFileSync } from 'node:fs';
import { build, type Metafile } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { environments } from '../functions/http/environment.ts';
import { laidOut } from '../infra/aws/constructs/bundle.ts';

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
  const { metafile } = await build({ ...laidOut(verb, 'none'), write: false, metafile: true });
  const outputs = atStart(metafile.outputs, 'none/index.mjs');
  const modules = outputs.flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
  );
  return { bytes: outputs.reduce((sum, { bytes }) => sum + bytes, 0), packages: new Set(modules.map(packageOf)) };
};

type Outputs = Metafile['outputs'];

/** The files that a start reads: what is imported later is not paid then. */
function atStart(outputs: Outputs, entry: string, seen = new Set<string>()): Outputs[string][] {
  const output = outputs[entry];
  if (output === undefined || seen.has(entry)) return [];
  seen.add(entry);
  const imported = output.imports.filter(({ kind, external }) => kind === 'import-statement' && !external);
  return [output, ...imported.flatMap(({ path }) => atStart(outputs, path, seen))];
}

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

  it('leave what reads ONNX models for when one is served', async () => {
    const { packages } = await weigh('predict');
    expect([...packages].filter((name) => name.startsWith('@bufbuild'))).toEqual([]);
  });

  it('see a package that is there', async () => {
    expect((await weigh('predict')).packages).toContain('typebox');
  });

  it('keep predict under half a megabyte without an engine for large models', () => {
    expect(budgets.predict?.bytes).toBeLessThan(500_000);
  });
});
