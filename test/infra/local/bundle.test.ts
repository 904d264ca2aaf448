import { mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundled } from '../../../infra/local/bundle.ts';
import { type ChildProgram, fromSource } from '../../../infra/local/child-program.ts';
import { onnxEntry, onnxProcesses } from '../../../infra/local/onnx/onnx-process.ts';
import { verifyEntry, verifyInProcess } from '../../../infra/local/verify/verify-process.ts';
import { fp64 } from '../../../models/tensor.ts';
import { temporaryHome } from '../../journey/running-platform.ts';
import { slopeModel } from '../../journey/slope-model.ts';
import { line } from '../../models/formats/onnx/written.ts';
import { referenceFile } from '../../reference.ts';

const cleanups: (() => Promise<void>)[] = [];
let home: string;
let verify: ChildProgram;
let onnx: ChildProgram;

beforeAll(async () => {
  home = await temporaryHome(cleanups);
  await mkdir(join(home, 'inbox/m'), { recursive: true });
  ({ verify, onnx } = await bundled({ verify: verifyEntry, onnx: onnxEntry }));
}, 60_000);

afterAll(async () => {
  for (const cleanup of cleanups.toReversed()) await cleanup();
});

describe('a program as one file', () => {
  it.each([
    ['of our own', 'model.json', Buffer.from(slopeModel(2)), 'linear'],
    ['in ONNX', 'cnn.onnx', referenceFile('models/digits-cnn.onnx').bytes, 'onnx'],
  ])('verifies a model %s', { timeout: 60_000 }, async (_, name, bytes, kind) => {
    await writeFile(join(home, 'inbox/m', name), bytes);
    const report = await verifyInProcess({ home, program: verify })([`inbox/m/${name}`]);
    expect(report).toMatchObject({ ok: true, content: { kind } });
  });

  it('runs an ONNX model', { timeout: 60_000 }, async () => {
    const processes = onnxProcesses({ home, program: onnx });
    cleanups.push(processes.close);
    const session = await processes.open(line());
    const outputs = await session.run(
      new Map([['input', fp64([1, 2], Float64Array.of(1, 2))]]),
      new AbortController().signal,
    );
    expect([...outputs.keys()]).toEqual(['y']);
  });

  it('reads itself and ONNX Runtime, and nothing else of the installation', async () => {
    for (const { file, reads } of [verify, onnx]) {
      expect(reads.map((path) => basename(path.replace(/\/\*$/, '')))).toEqual([
        basename(file),
        'onnxruntime-node',
        'onnxruntime-common',
      ]);
    }
  });

  it('is made once of the same source', async () => {
    const again = await bundled({ verify: verifyEntry });
    expect(again.verify.file).toBe(verify.file);
    const parts = (await readdir(join(verify.file, '..'))).filter((name) => name.endsWith(`.${process.pid}.part`));
    expect(parts).toEqual([]);
  });

  it('is taken as it lies there where no source has changed, and made anew where one has, or it has itself', async () => {
    const folder = join(home, 'kept');
    const source = join(home, 'program.ts');
    const made = async (text?: string) => {
      if (text !== undefined) await writeFile(source, text);
      // A clock that stands still would not tell.
      if (text !== undefined) await utimes(source, new Date(0), new Date(Number(text.length)));
      const { program } = await bundled({ program: source }, folder);
      return { file: program.file, text: await readFile(program.file, 'utf8'), at: (await stat(program.file)).mtimeMs };
    };
    const first = await made('console.info(1);');
    expect(first.text).toContain('console.info(1)');
    expect(await made()).toEqual(first);
    expect((await made('console.info(12);')).text).toContain('console.info(12)');
    const { file } = await made('console.info(1);');
    await writeFile(file, 'somebody else was here');
    expect((await made()).text).toBe(first.text);
  });

  it('takes the place of bundles of older sources that nobody has started with for a day', async () => {
    const folder = join(home, 'bundles');
    await mkdir(folder);
    const ago = (hours: number) => new Date(Date.now() - hours * 3_600_000);
    const lay = async (name: string, at: Date) => {
      await writeFile(join(folder, name), '');
      await utimes(join(folder, name), at, at);
    };
    await lay('verify-0123456789abcdef.mjs', ago(25));
    await lay('verify-0123456789abcdef.mjs.1.part', ago(25));
    await lay('verify-fedcba9876543210.mjs', ago(23));
    await lay('onnx-0123456789abcdef.mjs', ago(25));
    const { verify: program } = await bundled({ verify: verifyEntry }, folder);
    expect((await readdir(folder)).sort()).toEqual(
      ['onnx-0123456789abcdef.mjs', 'verify-fedcba9876543210.mjs', 'verify.json', basename(program.file)].sort(),
    );
  });

  it('goes on as it is written where somebody has removed it', { timeout: 60_000 }, async () => {
    const { verify: program } = await bundled({ verify: verifyEntry }, join(home, 'removed'));
    await rm(program.file);
    await writeFile(join(home, 'inbox/m/model.json'), slopeModel(2));
    expect(await verifyInProcess({ home, program })(['inbox/m/model.json'])).toMatchObject({ ok: true });
  });

  it('reads no home that lies in the installation, as the usual one does, even as it is written', () => {
    const root = join(import.meta.dirname, '../../..');
    const homeThere = join(root, '.modeldrop/key');
    for (const path of [...fromSource(verifyEntry).reads, ...verify.reads])
      expect(homeThere.startsWith(path.replace(/\*$/, ''))).toBe(false);
  });

  it('is as it is written where no bundle can be made', async () => {
    const { broken } = await bundled({ broken: '/nowhere/entry.ts' });
    expect(broken.file).toBe('/nowhere/entry.ts');
  });
});
