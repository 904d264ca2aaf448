import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { tarOf } from '../../models/formats/triton/archive.ts';
import { modeldrop } from './command.ts';

const model = (name: string): string => fileURLToPath(new URL(`../../reference/models/${name}`, import.meta.url));

describe('modeldrop plan', () => {
  it('reckons with the multiply-adds of an ONNX graph, and says where it would run', async () => {
    const { code, stdout } = await modeldrop(['plan', model('digits-cnn.onnx'), '--rps', '5', '--p99', '200ms']);
    expect(code).toBe(0);
    // Conv 1 to 16 and 16 to 32 channels of 3 x 3 over 8 x 8, dense 512 to 64 and 64 to 10.
    expect(stdout).toContain(
      `${(64 * 9 * 16 + 64 * 9 * 16 * 32 + 512 * 64 + 64 * 10).toLocaleString('en')} multiply-adds`,
    );
    expect(stdout).toMatch(/lambda +1769 MB.*<- the cheapest that will do/);
    expect(stdout).toMatch(/An endpoint costs less from \d+ requests a second on/);
  });

  it('reckons with the model in a Triton repository', async () => {
    const cnn = await readFile(model('digits-cnn.onnx'));
    const home = await mkdtemp(join(tmpdir(), 'modeldrop-'));
    await writeFile(join(home, 'digits.tar.gz'), gzipSync(tarOf({ path: 'digits/1/model.onnx', content: cnn })));
    const workOf = async (path: string) => {
      const { code, stdout, stderr } = await modeldrop(['plan', path, '--json']);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      return JSON.parse(stdout).work.multiplyAdds;
    };
    expect(await workOf(join(home, 'digits.tar.gz'))).toBe(await workOf(model('digits-cnn.onnx')));
    await rm(home, { recursive: true });
  });

  it('refuses what is compressed and no archive, with what helps', async () => {
    const home = await mkdtemp(join(tmpdir(), 'modeldrop-'));
    await writeFile(join(home, 'model.json.gz'), gzipSync(await readFile(model('xgboost/binary.json'))));
    const { code, stderr } = await modeldrop(['plan', join(home, 'model.json.gz')]);
    await rm(home, { recursive: true });
    expect(code).toBe(1);
    expect(stderr).toContain('gunzip <file>');
  });

  it('prints the figures with --json', async () => {
    const { stdout } = await modeldrop(['plan', model('xgboost/binary.json'), '--p99', '1s', '--rps', '0.1', '--json']);
    const { chosen, options, prices, demand } = JSON.parse(stdout);
    expect(demand).toEqual({ requestsPerSecond: 0.1, rowsPerRequest: 1, p99Ms: 1000 });
    expect(options).toContainEqual(chosen);
    expect(prices).toMatchObject({ region: 'us-east-1', asOf: expect.stringMatching(/^\d{4}-\d\d$/) });
  });

  it.each([
    ['--rps', '0', 'above 0'],
    ['--rows', '0.5', 'a whole number'],
    ['--p99', '200', 'such as 200ms'],
  ])('refuses %s %s', async (flag, value, words) => {
    const { code, stderr } = await modeldrop(['plan', model('linear.onnx'), flag, value]);
    expect(code).toBe(2);
    expect(stderr).toContain(words);
  });
});
