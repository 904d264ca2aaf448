import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cascadeArchive, STATED, smallDigits } from '../cascade-archive.ts';
import { expectClose } from '../closeness.ts';
import { referenceJson } from '../reference.ts';
import { type RunningPlatform, startPlatform, temporaryHome } from './running-platform.ts';
import { dropFile } from './slope-model.ts';

interface Infer {
  readonly outputs: readonly { readonly name: string; readonly data: readonly (number | string)[] }[];
}

const cleanups: (() => Promise<void>)[] = [];
const { input, softmax, label } = referenceJson<{ input: number[][]; softmax: number[][]; label: number[] }>(
  'models/digits-cnn.expected.json',
);
/** Labels of the small model, in its order. */
const ORDER = [6, 9, 3, 7, 2, 1, 5, 4, 0, 8];
let platform: RunningPlatform;

const outputOf = <T>({ outputs }: Infer, name: string): T[] =>
  outputs.find((output) => output.name === name)?.data as T[];

async function served(model: string): Promise<void> {
  while ((await platform.call('GET', `/v2/models/${model}`)).status !== 200) await sleep(50);
}

const infer = (model: string, rows: readonly number[][]) =>
  platform.call('POST', `/v2/models/${model}/infer`, {
    inputs: [{ name: 'input', datatype: 'FP64', shape: [rows.length, 64], data: rows.flat() }],
  });

beforeAll(async () => {
  platform = await startPlatform({ home: await temporaryHome(cleanups), env: { MODELDROP_EXAMPLES: '0' } });
  await dropFile(platform.home, 'small', 'small.json', JSON.stringify(smallDigits()));
  await served('small');
}, 60_000);

afterAll(async () => {
  expect(await platform?.stop()).toBe(0);
  for (const cleanup of cleanups) await cleanup();
});

describe.each(['lambda', 'endpoint'])(
  'a cascade whose large model is placed on: %s',
  { timeout: 90_000 },
  (placement) => {
    const model = `digits-${placement}`;
    let small: Infer;
    let both: Infer;
    let headers: Headers;

    beforeAll(async () => {
      const examples = [{ inputs: { instances: [input[0]] }, outputs: [label[0]] }];
      await dropFile(platform.home, model, 'drop.json', JSON.stringify({ placement }));
      await dropFile(platform.home, model, 'examples.json', JSON.stringify(examples));
      await dropFile(platform.home, model, 'cascade.tar.gz', gzipSync(cascadeArchive()));
      await served(model);
      small = (await (await infer('small', input)).json()) as Infer;
      const answer = await infer(model, input);
      headers = answer.headers;
      both = (await answer.json()) as Infer;
    }, 60_000);

    it('answers rows of which the small model is sure as it does, and all others as PyTorch does', () => {
      const by = outputOf<string>(both, 'answered_by');
      expect(new Set(by)).toEqual(new Set(['small', 'large']));
      const own = outputOf<number>(small, 'predict_proba');
      const expected = by.flatMap((who, row) =>
        who === 'small'
          ? own.slice(row * 10, row * 10 + 10)
          : ORDER.map((digit) => (softmax[row] as number[])[digit] as number),
      );
      expectClose(outputOf<number>(both, 'predict_proba'), expected, 1e-4);
      for (const [row, who] of by.entries()) {
        const confidence = Math.max(...own.slice(row * 10, row * 10 + 10));
        expect(confidence >= STATED.threshold).toBe(who === 'small');
        if (who === 'large') expect(outputOf<number>(both, 'predict')[row]).toBe(label[row]);
      }
    });

    it('says who answered, in every dialect, and where', async () => {
      const by = outputOf<string>(both, 'answered_by');
      const count = by.filter((who) => who === 'small').length;
      expect(headers.get('x-modeldrop-answered-by')).toBe(`small=${count}, large=${by.length - count}`);
      expect(headers.get('x-modeldrop-placement')).toBe(placement);
      const v1 = await platform.call('POST', `/v1/models/${model}:predict`, { instances: input });
      expect(await v1.json()).toMatchObject({ parameters: { answered_by: by } });
      const card = (await (await platform.call('GET', `/v1/models/${model}/card`)).json()) as { reason: string };
      expect(card.reason).toContain('below a confidence of 0.999 the large one');
    });

    it('says so of a job, too', async () => {
      const asked = await platform.call('POST', `/v1/models/${model}/jobs`, { instances: input });
      const { id } = (await asked.json()) as { id: string };
      let result: Response;
      do {
        await sleep(50);
        result = await platform.call('GET', `/v1/jobs/${id}/result`);
      } while (result.status === 409);
      expect(result.headers.get('x-modeldrop-answered-by')).toBe(headers.get('x-modeldrop-answered-by'));
    });

    it('keeps its parts apart, so that the small one is read alone', async () => {
      const manifest = JSON.parse(
        await readFile(join(platform.home, `registry/models/${model}/1/manifest.json`), 'utf8'),
      );
      expect(manifest.blobs.map(({ file }: { file: string }) => file).slice(0, 3)).toEqual([
        'small.json',
        'digits-cnn.onnx',
        'cascade.json',
      ]);
      expect(manifest.triton === undefined).toBe(placement === 'lambda');
    });

    it('is another version at another threshold, held beside the one that serves', async () => {
      await dropFile(platform.home, model, 'drop.json', JSON.stringify({ placement }));
      await dropFile(platform.home, model, 'cascade.tar.gz', gzipSync(cascadeArchive({ ...STATED, threshold: 0 })));
      let answer = await infer(model, input);
      while (answer.headers.get('x-modeldrop-version') !== '2') {
        await sleep(100);
        answer = await infer(model, input);
      }
      expect(answer.headers.get('x-modeldrop-answered-by')).toBe(`small=${input.length}, large=0`);
      const { drops } = (await (await platform.call('GET', `/v1/models/${model}/drops`)).json()) as {
        drops: { version: number; rehearsal: { against: { version: number; rows: number } } }[];
      };
      expect(drops.find(({ version }) => version === 2)?.rehearsal.against).toMatchObject({ version: 1, rows: 1 });
    });
  },
);
