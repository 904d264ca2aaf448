import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type StageName, stages, synthesized } from './synthesized.ts';

const isThere = spawnSync('cfn-lint', ['--version']).status === 0;
const mustRun = process.env.CI !== undefined;
if (!isThere && !mustRun) console.warn('cfn-lint is not on PATH: its checks are skipped. pip install cfn-lint');

describe.skipIf(!isThere && !mustRun)('cfn-lint', () => {
  it.each<StageName>(['dev', 'prod', 'lavish'])('finds nothing in %s', { timeout: 60_000 }, (stage) => {
    const { folder } = synthesized(stages[stage]);
    const templates = readdirSync(folder).filter((file) => file.endsWith('.template.json'));
    expect(templates).toHaveLength(4);
    // W3005: the construct library states dependencies that references imply.
    const args = ['--ignore-checks', 'W3005', '--', ...templates.map((file) => join(folder, file))];
    const { status, stdout, error } = spawnSync('cfn-lint', args, { encoding: 'utf8' });
    expect(error).toBeUndefined();
    expect(stdout).toBe('');
    expect(status).toBe(0);
  });
});
