import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningPlatform, startPlatform } from '../../journey/running-platform.ts';
import { modeldrop as run } from './command.ts';

let folder: string;
let platform: RunningPlatform;

/** y = a + 2 b + 0.5. */
const PLANE = {
  modeldrop: 1,
  kind: 'linear',
  features: ['a', 'b'],
  parameters: { coefficients: [[1, 2]], intercept: [0.5] },
};
const COIN = {
  modeldrop: 1,
  kind: 'logistic',
  features: ['x'],
  labels: ['heads', 'tails'],
  parameters: { coefficients: [[1]], intercept: [0] },
};
/** A nearest-to-plus-one-or-minus-one machine. */
const SVM = `svm_type c_svc
kernel_type linear
nr_class 2
total_sv 2
rho 0
label 1 -1
nr_sv 1 1
SV
0.5 1:1
-0.5 1:-1
`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'modeldrop-'));
  for (const name of ['plane', 'coin']) await mkdir(join(folder, 'files', name), { recursive: true });
  await write('plane/model.json', PLANE);
  await write('coin/model.json', COIN);
  await write('machine.svm', SVM);
  await write('rows.csv', 'b,a\n1,2\n3,4\n');
  platform = await startPlatform({ home: join(folder, 'home'), env: { MODELDROP_EXAMPLES: '0' } });
});

afterAll(async () => {
  await platform?.stop();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

const write = (file: string, content: unknown) =>
  writeFile(join(folder, 'files', file), typeof content === 'string' ? content : JSON.stringify(content));

/** Runs a command that finds the platform by its note, as in the folder where it was started. */
const modeldrop = (line: string, input = '') =>
  run(line.split(' '), { cwd: join(folder, 'files'), env: { MODELDROP_HOME: platform.home }, input });

const lines = (...texts: string[]) => `${texts.join('\n')}\n`;

describe('push', () => {
  it('ends with the version and the URL to call', async () => {
    const { code, stdout, stderr } = await modeldrop('push plane/model.json');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toBe(lines('plane: version 1 serves', `${platform.url}/v1/models/plane:predict`));
  });

  it('is one document with --json, and the same version for the same bytes', async () => {
    const { code, stdout, stderr } = await modeldrop('push plane/model.json --json');
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toMatchObject({ model: 'plane', state: 'released', version: 1, file: 'model.json' });
  });

  it('declares what a LIBSVM file does not say', async () => {
    const { stdout } = await modeldrop('push machine.svm --features height --labels up,down --json');
    expect(JSON.parse(stdout)).toMatchObject({ model: 'machine', state: 'released' });
    expect(await modeldrop('predict machine --input -', '[{"height":3},{"height":-3}]')).toEqual({
      code: 0,
      stdout: 'up\ndown\n',
      stderr: '',
    });
  });

  it('tells the reason of a refusal, exit code 1', async () => {
    await write('plane/examples.json', [{ inputs: { instances: [[1, 2]] }, outputs: [99] }]);
    const { code, stdout, stderr } = await modeldrop('push plane/model.json plane/examples.json --name refused');
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^modeldrop: model\.json is refused: examples\.json\[0\][^\n]*it answers 5\.5, got 99\n$/);
  });

  it('keeps stdout to one document where a drop is refused', async () => {
    const { code, stdout } = await modeldrop('push plane/model.json plane/examples.json --name refused --json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ state: 'refused', error: expect.stringContaining('got 99') });
  });

  it('heals with companions that were mended, though the model file is the same', async () => {
    await write('plane/examples.json', [{ inputs: { instances: [[1, 2]] }, outputs: [5.5] }]);
    const { code } = await modeldrop('push plane/model.json plane/examples.json --name refused');
    expect(code).toBe(0);
  });
});

describe('predict', () => {
  it.each([
    ['CSV of a file', 'predict plane-x --input rows.csv', '', ['4.5', '10.5']],
    ['rows and records of stdin', 'predict plane-x --input -', '[[1,2],{"b":4,"a":3}]', ['5.5', '11.5']],
    ['JSON Lines', 'predict plane-x --input -', '{"a":1,"b":2}\n{"a":3,"b":4}\n', ['5.5', '11.5']],
    ['a V1 body', 'predict plane-x --input -', '{"instances":[[1,2]]}', ['5.5']],
    [
      'a v2 body',
      'predict plane-x --input -',
      '{"inputs":[{"name":"input","datatype":"FP64","shape":[2,2],"data":[1,2,3,4]}]}',
      ['5.5', '11.5'],
    ],
  ])('prints one prediction a line for %s, by the platform and by a folder alike', async (_, line, input, told) => {
    const served = await modeldrop(line.replace('plane-x', 'refused'), input);
    expect(served).toEqual({ code: 0, stdout: lines(...told), stderr: '' });
    expect(await modeldrop(line.replace('plane-x', './plane'), input)).toEqual(served);
  });

  it('prints the raw answer with --json', async () => {
    const { stdout } = await modeldrop('predict refused --input rows.csv --json');
    expect(JSON.parse(stdout)).toEqual({ predictions: [4.5, 10.5] });
  });

  it('prints probabilities, also of CSV', async () => {
    expect((await modeldrop('push coin/model.json --name flip')).code).toBe(0);
    const told = '{"label":"heads","probabilities":{"heads":0.5,"tails":0.5}}\n';
    for (const input of ['x\n0\n', '[0]', '{"instances":[[0]]}']) {
      for (const model of ['flip', './coin']) {
        const { stdout } = await modeldrop(`predict ${model} --input - --probabilities`, input);
        expect(stdout, `${model} ${input}`).toBe(told);
      }
    }
  });

  it.each([
    ['a missing feature', '[{"a":1}]', /b/],
    ['text', 'a,b\n1,x\n', /must be a/],
    ['no JSON', '[1', /stdin.* must be JSON/],
  ])('tells %s on one line', async (_, input, told) => {
    for (const model of ['refused', './plane']) {
      const { code, stdout, stderr } = await modeldrop(`predict ${model} --input -`, input);
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).toMatch(/^modeldrop: [^\n]+\n$/);
      expect(stderr).toMatch(told);
    }
  });

  it('survives a reader that has seen enough', async () => {
    const rows = JSON.stringify(Array.from({ length: 20_000 }, (_, i) => [i, i]));
    await write('many.json', rows);
    const root = join(import.meta.dirname, '..', '..', '..');
    const command = `"${root}/node_modules/.bin/node" "${root}/apps/cli/entry.ts" predict ./plane --input many.json`;
    const child = spawn('bash', ['-c', `set -o pipefail; ${command} | head -1`], {
      cwd: join(folder, 'files'),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (text) => {
      stdout += text;
    });
    child.stderr.on('data', (text) => {
      stderr += text;
    });
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '0.5\n', stderr: '' });
  });
});

describe('versions and releases', () => {
  it('move between versions', async () => {
    await write('second.json', { ...PLANE, parameters: { coefficients: [[1, 2]], intercept: [100] } });
    expect((await modeldrop('push plane/model.json --name moving')).code).toBe(0);
    expect((await modeldrop('push second.json --name moving')).stdout).toContain('version 2 serves');
    expect((await modeldrop('release moving 1')).stdout).toBe('moving: version 1 serves\n');
    const { stdout } = await modeldrop('release moving 2 --canary 12.5 --json');
    expect(JSON.parse(stdout)).toMatchObject({ model: 'moving', stable: 1, canary: { version: 2, weight: 12.5 } });
    const told = (await modeldrop('release moving')).stdout.split('\n');
    expect(told[0]).toBe('moving  version 1 serves');
    expect(told[1]).toBe('canary  version 2 for 12.5 % of the requests');
    expect(told[3]).toBe(
      '        0 requests, 0 without an answer, 0 slow; the stable version 0 requests, 0 without an answer, 0 slow',
    );
    expect(JSON.parse((await modeldrop('release moving --json')).stdout).versions[1].trial).toMatchObject({
      bakeMinutes: 30,
      canary: { requests: 0 },
    });
    expect((await modeldrop('rollback moving')).stdout).toBe('moving: version 1 serves\n');
    expect(JSON.parse((await modeldrop('versions moving --json')).stdout).versions).toHaveLength(2);
    const table = (await modeldrop('versions moving')).stdout.split('\n');
    expect(table[0]).toMatch(/^VERSION +SERVES +KIND/);
    expect(table).toHaveLength(4);
  });

  it('hold a version back as the model or the person says', async () => {
    const third = { ...PLANE, parameters: { coefficients: [[1, 2]], intercept: [200] } };
    await write('third.json', third);
    expect((await modeldrop('release moving --mode manual --json')).stdout).toContain('"policy":{"mode":"manual"}');
    expect((await modeldrop('push third.json --name moving')).stdout).toContain(
      'version 3 waits for: modeldrop release',
    );
    const shadowed = await modeldrop('release moving 3 --shadow');
    expect(shadowed.stdout).toBe('moving: version 1 serves, version 3 in its shadow\n');
    const { history } = JSON.parse((await modeldrop('release moving --no-shadow --why seen --json')).stdout);
    expect(history.at(-1)).toMatchObject({ action: 'shadow', why: 'seen', stable: 1 });
  });

  it('tell what is not there, exit code 1', async () => {
    const { code, stderr } = await modeldrop('release moving 9');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^modeldrop: model "moving" has no version "9"/);
  });

  it('end with delete', async () => {
    expect(JSON.parse((await modeldrop('delete moving --yes --json')).stdout)).toEqual({ deleted: 'moving' });
    await expect
      .poll(async () => JSON.parse((await modeldrop('models --json')).stdout).models, { timeout: 10_000 })
      .not.toContainEqual(expect.objectContaining({ name: 'moving' }));
  });
});

describe('drops', () => {
  it('lists what was dropped, newest first, and why one was refused', async () => {
    await write('plane/examples.json', [{ inputs: { instances: [[1, 2]] }, outputs: [99] }]);
    await modeldrop('push plane/model.json plane/examples.json --name dropped');
    await write('third.json', { ...PLANE, parameters: { coefficients: [[3, 2]], intercept: [0] } });
    expect((await modeldrop('push third.json --name dropped')).code).toBe(0);
    const [head, newest, oldest] = (await modeldrop('drops dropped')).stdout.split('\n');
    expect(head).toMatch(/^DROP +FILE +STATE +VERSION +SERVES/);
    expect(newest).toMatch(/^[0-9a-f]{16} +third\.json +released +1 +stable/);
    expect(oldest).toMatch(/^[0-9a-f]{16} +model\.json +refused/);
    const { stdout } = await modeldrop(`drops dropped ${oldest?.slice(0, 16)}`);
    expect(stdout).toContain('it answers 5.5, got 99');
  });

  it('follows the newest one to its end', async () => {
    const { code, stdout } = await modeldrop('drops dropped --follow --json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ file: 'third.json', state: 'released', version: 1 });
  });

  it('tells where nothing was dropped', async () => {
    expect(await modeldrop('drops nobody --follow')).toMatchObject({ code: 1, stdout: '' });
  });
});

describe('diff', () => {
  const of = (slope: number) => ({ ...PLANE, parameters: { coefficients: [[1, slope]], intercept: [0] } });

  it('shows row by row what changes, the largest difference first, and how good both are', async () => {
    await write('one.json', { ...of(2), card: { target: 'y' } });
    await write('two.json', of(3));
    for (const file of ['one', 'two']) expect((await modeldrop(`push ${file}.json --name twins`)).code).toBe(0);
    await write('truth.csv', 'a,b,y\n1,0,1\n1,1,3\n1,4,13\n');
    expect((await modeldrop('diff twins 1 2 --input truth.csv')).stdout.split('\n').map((line) => line.trim())).toEqual(
      [
        expect.stringMatching(/^ROW +VERSION 1 +VERSION 2 +DIFFERENCE$/),
        expect.stringMatching(/^3 +9 +13 +4$/),
        expect.stringMatching(/^2 +3 +4 +1$/),
        '2 of 3 answers changed; the largest difference is 4',
        expect.stringMatching(/^METRIC +VERSION 1 +VERSION 2$/),
        expect.stringMatching(/^r2 /),
        // The root of 16 / 3, and of 1 / 3.
        expect.stringMatching(/^rmse +2\.309 +0\.5774$/),
        expect.stringMatching(/^mae /),
        expect.stringMatching(/^mape /),
        expect.stringMatching(/^wape /),
        '',
      ],
    );
  });

  it('prints every row with --json, and no metric without a truth', async () => {
    await write('rows.jsonl', '{"a":1,"b":0}\n{"a":1,"b":1}\n');
    const found = JSON.parse((await modeldrop('diff twins 1 2 --input rows.jsonl --json')).stdout);
    expect(found).toMatchObject({ rows: 2, changed: 1, largest: 1 });
    expect(found.differences).toHaveLength(2);
    expect(found.metrics).toBeUndefined();
  });

  it('compares labels by their probabilities', async () => {
    await write('fair.json', COIN);
    await write('bent.json', { ...COIN, parameters: { coefficients: [[1]], intercept: [2] } });
    for (const file of ['fair', 'bent']) expect((await modeldrop(`push ${file}.json --name coins`)).code).toBe(0);
    await write('tosses.csv', 'x,side\n-1,heads\n3,tails\n');
    const { stdout } = await modeldrop('diff coins 1 2 --input tosses.csv --target side');
    expect(stdout).toMatch(/^1 +heads +tails +0\.4621$/m);
    expect(stdout).toContain('1 of 2 answers changed; the largest difference is 0.4621');
    expect(stdout).toMatch(/^accuracy +1 +0\.5$/m);
  });

  it('tells which feature the table lacks', async () => {
    await write('short.csv', 'a\n1\n');
    const { code, stderr } = await modeldrop('diff twins 1 2 --input short.csv');
    expect(code).toBe(1);
    expect(stderr).toMatch(/must have every feature of the model, got "b"/);
  });
});

describe('keys', () => {
  it('tells a secret once, alone on stdout', async () => {
    const { code, stdout, stderr } = await modeldrop('keys create --name ci --scopes predict --models plane,ref*');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\S{16,}\n$/);
    expect(stderr).toContain('shown once');
    const secret = stdout.trim();
    const listed = await modeldrop('keys list --json');
    expect(listed.stdout).not.toContain(secret);
    const { id } = JSON.parse(listed.stdout).keys.find(({ name }: { name: string }) => name === 'ci');

    const env = { MODELDROP_URL: platform.url, MODELDROP_KEY: secret };
    expect(JSON.parse((await run(['models', '--json'], { env })).stdout).models).toEqual([
      { name: 'plane', version: 1 },
      { name: 'refused', version: 1 },
    ]);
    const forbidden = await run(['keys', 'list'], { env });
    expect(forbidden.code).toBe(1);
    expect(forbidden.stderr).toMatch(/^modeldrop: .*admin/);
    const doctor = await run(['doctor', '--json'], { env: { ...env, MODELDROP_HOME: platform.home } });
    expect(JSON.parse(doctor.stdout).checks).toContainEqual({ check: 'key', ok: true, found: 'may predict' });

    expect((await modeldrop(`keys revoke ${id}`)).stdout).toBe(`key ${id} is revoked\n`);
    await expect
      .poll(async () => (await run(['models'], { env })).stderr, { timeout: 10_000 })
      .toContain('MODELDROP_KEY');
  });
});

describe('doctor', () => {
  it('finds nothing wrong with a platform that runs', async () => {
    const { code, stdout, stderr } = await modeldrop('doctor');
    expect([code, stderr]).toEqual([0, '']);
    for (const check of ['node', 'platform', 'key', 'home', 'port', 'disk']) {
      expect(stdout).toMatch(new RegExp(`^ok +${check} `, 'm'));
    }
  });

  it('says what failed and what to do, exit code 1', async () => {
    const env = {
      MODELDROP_URL: 'http://127.0.0.1:1',
      MODELDROP_KEY: 'some-key',
      MODELDROP_PORT: new URL(platform.url).port,
    };
    const { code, stdout, stderr } = await run(['doctor', '--json'], { env: { ...env, MODELDROP_HOME: folder } });
    expect(code).toBe(1);
    expect(stderr).toBe('modeldrop: platform, port failed\n');
    const { ok, checks } = JSON.parse(stdout);
    expect(ok).toBe(false);
    for (const { check, mend } of checks.filter((finding: { ok: boolean }) => !finding.ok)) {
      expect(mend, check).toMatch(/start|MODELDROP_/);
    }
  });
});

describe('export', () => {
  it('writes what is served, under the names that its drop declared', async () => {
    await modeldrop('push machine.svm --features height --labels up,down');
    const { code, stdout, stderr } = await modeldrop('export machine --out machine.onnx --json');
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toMatchObject({ file: 'machine.onnx', kind: 'svm', inputs: ['input'] });
    const session = await InferenceSession.create(join(folder, 'files', 'machine.onnx'), { logSeverityLevel: 4 });
    const { predict } = await session.run({ input: new Tensor('float64', Float64Array.of(3, -3), [2, 1]) });
    expect(predict?.data).toEqual(['up', 'down']);
  });

  it('is refused to a key that only predicts', async () => {
    const { key } = JSON.parse(
      (await modeldrop('keys create --name app --scopes predict --models machine --json')).stdout,
    );
    const env = { MODELDROP_URL: platform.url, MODELDROP_KEY: key };
    const { code, stderr } = await run(['export', 'machine'], { cwd: join(folder, 'files'), env });
    expect([code, stderr]).toEqual([1, expect.stringContaining('this needs a key with scope "deploy"')]);
  });
});
