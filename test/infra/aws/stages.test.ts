import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dev } from '../../../infra/aws/stages/dev.ts';
import { parseStage, StageRefused, stageNamed } from '../../../infra/aws/stages.ts';

const folder = mkdtempSync(join(tmpdir(), 'modeldrop-stages-'));
const gpu = { instance: 'ml.g5.xlarge', min: 1, max: 2, triton: '25.04' };
const root = join(import.meta.dirname, '..', '..', '..');

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe('a stage', () => {
  it.each(['dev', 'prod'])('%s is one of ours', async (name) => {
    expect((await stageNamed(name)).name).toBe(name);
  });

  it('may come from a JSON file, and is as in dev where the file says nothing', async () => {
    const path = file('mine.json', '{"name": "mine", "logRetentionDays": 30, "memory": {"predict": 3008}}');
    const memory = { ...dev.memory, predict: 3008 };
    expect(await stageNamed(path)).toEqual({ ...dev, name: 'mine', logRetentionDays: 30, memory });
  });

  it('may come from a TypeScript file', async () => {
    const path = file('mine.ts', "const stage: { name: string } = { name: 'typed' };\nexport default stage;\n");
    expect((await stageNamed(path)).name).toBe('typed');
  });

  it.each([
    [undefined, 'stage must be dev, prod or a file that ends in .json or .ts, got undefined'],
    ['production', 'stage must be dev, prod or a file that ends in .json or .ts, got "production"'],
    ['no-such.json', /^stage no-such\.json must be a file that can be read: ENOENT/],
    ['no-such.ts', /^stage no-such\.ts must be a file that can be read: /],
  ])('named %j is refused', async (name, words) => {
    await expect(stageNamed(name)).rejects.toThrow(words);
  });

  it.each([
    ['{', 'must be a file that can be read'],
    ['[]', 'must be an object, got'],
    ['null', 'must be an object, got null'],
    ['{}', 'must have required properties name'],
  ])('file of %s is refused', async (content, words) => {
    await expect(stageNamed(file('bad.json', content))).rejects.toThrow(words);
  });

  it.each<[string, object, RegExp]>([
    ['a name', { name: 'Prod!' }, /^stage\.name must match .+, got "Prod!"$/],
    ['a region', { region: 'Frankfurt' }, /^stage\.region must match .+, got "Frankfurt"$/],
    ['an encryption', { encryption: 'rot13' }, /^stage\.encryption must be "s3" or "kms", got "rot13"$/],
    ['a retention', { logRetentionDays: 8 }, /^stage\.logRetentionDays must be one of 1, 3, 5, 7, .+, got 8$/],
    ['a flag', { retainData: 'yes' }, /^stage\.retainData must be boolean, got "yes"$/],
    ['an address', { alarms: { email: 'ops' } }, /^stage\.alarms\.email must match .+, got "ops"$/],
    ['a memory', { memory: { ...dev.memory, predict: 64 } }, /^stage\.memory\.predict must be >= 128, got 64$/],
    ['a GPU', { gpu: true }, /^stage\.gpu must be object, got true$/],
    [
      'an instance',
      { gpu: { ...gpu, instance: 'ml.p5.48xlarge' } },
      /^stage\.gpu\.instance must be "ml\.g4dn\.xlarge" or ".+", got "ml\.p5\.48xlarge"$/,
    ],
    ['no instance', { gpu: { ...gpu, min: 0 } }, /^stage\.gpu\.min must be >= 1, got 0$/],
    [
      'fewer at most than at least',
      { gpu: { ...gpu, min: 3, max: 2 } },
      /^stage\.gpu\.max must be >= gpu\.min 3, got 2$/,
    ],
    ['an unknown property', { tpu: true }, /^stage\.tpu is not a known property$/],
    ['no default tenant', { tenants: { acme: { rate: 1, burst: 1 } } }, /^stage\.tenants must have .+default/],
    [
      'a tenant’s rate',
      { tenants: { default: { rate: -1, burst: 1 } } },
      /^stage\.tenants\.default\.rate must be > 0, got -1$/,
    ],
    [
      'a tenant faster than all together',
      { tenants: { default: { rate: 101, burst: 1 } } },
      /^stage\.tenants\.default\.rate must be <= throttling\.rate 100, got 101$/,
    ],
    [
      'a tenant’s name',
      { tenants: { default: { rate: 1, burst: 1 }, Acme: { rate: 1, burst: 1 } } },
      /^stage\.tenants must be named .+, got "Acme"$/,
    ],
    [
      'a tenant’s quota',
      { tenants: { default: { rate: 1, burst: 1, quotaPerDay: 0.5 } } },
      /^stage\.tenants\.default\.quotaPerDay must be integer, got 0\.5$/,
    ],
  ])('with %s that can’t be is refused in one line: place, rule, value', (_, wrong, words) => {
    const refused = () => parseStage({ ...dev, ...wrong }, 'stage');
    expect(refused).toThrow(StageRefused);
    expect(refused).toThrow(words);
    expect(refused).not.toThrow(/\n/);
  });
});

describe('the app', () => {
  const app = (stage: string) =>
    spawnSync(process.execPath, ['infra/aws/app.ts'], {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, CDK_CONTEXT_JSON: JSON.stringify({ stage }) },
    });

  it('says one line of a stage that can’t be, and fails', () => {
    const path = file('wrong.json', '{"name": "mine", "logRetentionDays": 8}');
    const { status, stderr, stdout } = app(path);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toContain(`stage ${path}.logRetentionDays must be`);
    expect(stdout).toBe('');
    expect(status).toBe(1);
  });
});
