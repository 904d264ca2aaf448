import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { stages, synthesize } from './synthesized.ts';

const isThere = spawnSync('cfn-lint', ['--version']).status === 0;
const mustRun = process.env.CI !== undefined;
if (!isThere && !mustRun) console.warn('cfn-lint is not on PATH: its checks are skipped. pip install cfn-lint');

let templates: string[];

beforeAll(() => {
  const folders = Object.values(stages).map((stage) => synthesize(stage, { schemas: true }).folder);
  templates = folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((file) => file.endsWith('.template.json'))
      .map((file) => join(folder, file)),
  );
}, 60_000);

it('every stage is what CloudFormation’s schemas ask for', () => {
  expect(templates).toHaveLength(13);
});

describe.skipIf(!isThere && !mustRun)('cfn-lint', () => {
  it('finds nothing in any stage', { timeout: 120_000 }, () => {
    // W3005: the construct library states dependencies that references imply.
    const args = ['--ignore-checks', 'W3005', '--', ...templates];
    const { status, stdout, error } = spawnSync('cfn-lint', args, { encoding: 'utf8' });
    expect(error).toBeUndefined();
    expect(stdout).toBe('');
    expect(status).toBe(0);
  });
});
