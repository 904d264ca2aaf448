import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { tritonArtifact } from '../../../adapters/endpoint/artifact.ts';

const repository = {
  name: 'digits',
  config: 'name: "digits"\n',
  onnx: Uint8Array.from({ length: 5_000 }, (_, i) => i),
};

it('the archive unpacks to a Triton repository, by any tar', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'modeldrop-artifact-'));
  await writeFile(join(folder, 'a.tar.gz'), await tritonArtifact(repository));
  execFileSync('tar', ['-xzf', 'a.tar.gz'], { cwd: folder });
  expect(await readFile(join(folder, 'digits/config.pbtxt'), 'utf8')).toBe(repository.config);
  expect(new Uint8Array(await readFile(join(folder, 'digits/1/model.onnx')))).toEqual(repository.onnx);
  const listing = execFileSync('tar', ['-tvzf', 'a.tar.gz', '--utc'], { cwd: folder, encoding: 'utf8' });
  expect(listing).toMatch(/-rw-r--r-- 0\/0 +\d+ 1970-01-01/);
  await rm(folder, { recursive: true });
});

it('the same model is the same bytes, at another time too', async () => {
  const first = await tritonArtifact(repository);
  await pause(1_100);
  expect(await tritonArtifact(repository)).toEqual(first);
});
