import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { environments, type LambdaName } from '../../../functions/http/environment.ts';
import { bundle } from '../../../infra/aws/constructs/bundle.ts';

const TOLD: Record<string, string> = {
  MODELDROP_RELEASE: '1.2.3',
  MODELDROP_REGISTRY_BUCKET: 'registry',
  MODELDROP_INBOX_BUCKET: 'inbox',
  MODELDROP_METER_KEYS: '{"default":"value"}',
  MODELDROP_VERIFY_FUNCTION: 'verify',
  MODELDROP_TRAIN_FUNCTION: 'train',
  MODELDROP_JOBS_FUNCTION: 'jobs',
  MODELDROP_PREDICT_LOG: 'log',
  MODELDROP_JOBS_LOG: 'log',
  MODELDROP_MINUTES_RULE: 'minutes',
};

/** What Lambda itself tells every function, of what ours read. */
const OF_LAMBDA = {
  AWS_REGION: 'eu-north-1',
  AWS_ACCESS_KEY_ID: 'id',
  AWS_SECRET_ACCESS_KEY: 'secret',
  AWS_SESSION_TOKEN: 'token',
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
};

const bundled = (verb: LambdaName): string => {
  const folder = mkdtempSync(join(tmpdir(), `modeldrop-bundle-${verb}-`));
  bundle(verb, folder);
  return folder;
};

const environmentOf = (verb: LambdaName): Record<string, string> =>
  Object.fromEntries(environments[verb].map((name) => [name, TOLD[name] as string]));

/** Starts a bundle as Lambda does: alone in its folder, with what it is told. */
const start = (folder: string, told: Record<string, string>) =>
  spawnSync(
    process.execPath,
    ['--input-type=module', '-e', "const { handler } = await import('./index.mjs'); console.log(typeof handler);"],
    { cwd: folder, encoding: 'utf8', env: { ...OF_LAMBDA, ...told } },
  );

describe.each(Object.keys(environments) as LambdaName[])('the bundle of %s', (verb) => {
  it('starts with what the stack tells it, and exports its handler', () => {
    const { stdout, stderr } = start(bundled(verb), environmentOf(verb));
    expect(stderr).toBe('');
    expect(stdout.trim()).toBe('function');
  });

  it('names the variable that it misses', () => {
    const { MODELDROP_RELEASE: _, ...rest } = environmentOf(verb);
    const { status, stderr } = start(bundled(verb), rest);
    expect(status).not.toBe(0);
    expect(stderr).toMatch(/MODELDROP_RELEASE|environment of/);
  });

  it('looks for credentials in the environment only, and brings no source map', () => {
    const code = readFileSync(join(bundled(verb), 'index.mjs'), 'utf8');
    const found = ['sso_start_url', 'AssumeRoleWithWebIdentity', 'sourceMappingURL'].filter((word) =>
      code.includes(word),
    );
    expect(found).toEqual([]);
  });
});

describe.each(['predict', 'jobs', 'verify'] as const)('ONNX Runtime in the bundle of %s', (verb) => {
  const folder = bundled(verb);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    statSync(join(folder, file)).isFile(),
  );

  it('is there for the function’s own processor, and for no other', () => {
    const native = files.filter((file) => /\.(node|so|dll|dylib)/.test(file));
    expect(native.length).toBeGreaterThan(1);
    expect(native.filter((file) => !file.includes('/linux/arm64/'))).toEqual([]);
  });

  it('leaves room below what Lambda unzips', () => {
    const bytes = files.reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
    expect(bytes).toBeLessThan(32_000_000);
  });

  it('is not loaded before an ONNX model is', () => {
    const code = readFileSync(join(folder, 'index.mjs'), 'utf8');
    expect(code).toMatch(/import\(["']onnxruntime-node["']\)/);
    expect(code).not.toMatch(/from\s*["']onnxruntime-node["']/);
  });
});

describe.each(['predict', 'jobs'] as const)('the codecs of images in the bundle of %s', (verb) => {
  const decode = (module: string, wasm: string) => `
    const { init } = await import('${module}');
    const { createRequire } = await import('node:module');
    const bytes = await (await import('node:fs/promises')).readFile(createRequire(process.cwd() + '/index.mjs').resolve('${wasm}'));
    await init(await WebAssembly.compile(bytes), {});
    console.log('open');`;

  it.each([
    ['@jsquash/png/decode.js', '@jsquash/png/codec/pkg/squoosh_png_bg.wasm'],
    ['@jsquash/jpeg/decode.js', '@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm'],
  ])('%s opens there', (module, wasm) => {
    const args = ['--input-type=module', '-e', decode(module, wasm)];
    const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: bundled(verb), encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(stdout.trim()).toBe('open');
  });

  it('are not loaded before an image comes', () => {
    const code = readFileSync(join(bundled(verb), 'index.mjs'), 'utf8');
    expect(code).not.toContain('@jsquash');
  });
});
