import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import {
  InvokeEndpointAsyncCommand,
  InvokeEndpointCommand,
  SageMakerRuntimeClient,
} from '@aws-sdk/client-sagemaker-runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tritonArtifact } from '../../../../adapters/endpoint/artifact.ts';
import { asyncEndpointName } from '../../../../adapters/endpoint/async-endpoint-name.ts';
import { endpointPredictor } from '../../../../adapters/endpoint/endpoint-predictor.ts';
import { layout } from '../../../../adapters/registry/layout.ts';
import { sha256 } from '../../../../adapters/registry/sha256.ts';
import { filesStore } from '../../../../adapters/store/files.ts';
import {
  type EndpointProcess,
  type EndpointProcessOptions,
  endpointProcess,
} from '../../../../infra/local/endpoint-host/endpoint-process.ts';
import { inspectDropped, type OnnxInspection } from '../../../../models/formats/dropped.ts';
import { tritonConfig } from '../../../../models/formats/triton/write-config.ts';
import { fp64 } from '../../../../models/tensor.ts';
import { expectClose } from '../../../closeness.ts';
import { predictorContract } from '../../../contract/predictor.ts';
import { temporaryHome } from '../../../journey/running-platform.ts';
import { counting, endless, line } from '../../../models/formats/onnx/written.ts';
import { referenceFile, referenceJson } from '../../../reference.ts';

const ENDPOINT = 'modeldrop-gpu';
const cleanups: (() => Promise<void>)[] = [];
const { signal } = new AbortController();
let home: string;

beforeAll(async () => {
  home = await temporaryHome(cleanups);
});
afterAll(async () => {
  for (const cleanup of cleanups.toReversed()) await cleanup();
});

function started(options: Partial<EndpointProcessOptions> = {}): EndpointProcess {
  const host = endpointProcess({ home, registry: join(home, 'registry'), endpoint: ENDPOINT, ...options });
  cleanups.push(host.close);
  return host;
}

/** A model packed for Triton, in the registry. */
async function packed(bytes: Uint8Array, folder = home) {
  const { content, onnx } = inspectDropped({ name: 'm.onnx', bytes }, {}) as OnnxInspection;
  const { signature } = content;
  const config = tritonConfig({ name: 'm', signature, rowByRow: true, batchRows: 64, batchDelayMs: 1, device: 'CPU' });
  const archive = await tritonArtifact({ name: 'm', config, onnx });
  const hash = sha256(archive);
  await filesStore(join(folder, 'registry')).create(layout.triton(hash), archive);
  return { signature, endpoint: ENDPOINT, target: `${hash}.tar.gz` };
}

predictorContract('a model on the endpoint', {
  open: async () => {
    const folder = await temporaryHome(cleanups);
    const host = started({ home: folder, registry: join(folder, 'registry') });
    return endpointPredictor(await packed(line(), folder), host.invoke);
  },
  rows: [
    [1, 2],
    [3, -4],
    [-5, 6],
  ],
  takesMissing: 'to ONNX, NaN is a missing value',
});

describe('the endpoint of one machine', { timeout: 60_000 }, () => {
  const { input, logits } = referenceJson<{ input: number[][]; logits: number[][] }>('models/digits-cnn.expected.json');
  const { bytes } = referenceFile('models/digits-cnn.onnx');
  const body = JSON.stringify({
    inputs: [{ name: 'input', datatype: 'FP32', shape: [input.length, 1, 8, 8], data: input.flat() }],
  });
  const expectRight = (answer: string): void =>
    expectClose(JSON.parse(answer).outputs[0].data as number[], logits, 1e-4);

  it('answers the SDK as a SageMaker endpoint does', async () => {
    const { target } = await packed(bytes);
    const client = new SageMakerRuntimeClient({
      region: 'eu-west-1',
      endpoint: await started().url(),
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    });
    const answer = await client.send(
      new InvokeEndpointCommand({
        EndpointName: ENDPOINT,
        TargetModel: target,
        ContentType: 'application/json',
        Body: body,
      }),
    );
    expectRight(new TextDecoder().decode(answer.Body));
    client.destroy();
  });

  it('answers the command of AWS', async () => {
    const { target } = await packed(bytes);
    const [asked, answered] = [join(home, 'asked.json'), join(home, 'answered.json')];
    await writeFile(asked, body);
    await promisify(execFile)(
      'aws',
      [
        ...['sagemaker-runtime', 'invoke-endpoint', '--endpoint-url', await started().url(), '--region', 'eu-west-1'],
        ...['--endpoint-name', ENDPOINT, '--target-model', target, '--content-type', 'application/json'],
        ...['--body', `fileb://${asked}`, answered],
      ],
      { env: { ...process.env, AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' } },
    );
    expectRight(await readFile(answered, 'utf8'));
  });

  describe('asynchronously', () => {
    const json = 'application/json';
    const fileAt = (location = ''): string => location.replace('s3://modeldrop-local-async', join(home, 'async'));
    const arrived = async (file: string): Promise<string> => {
      await expect.poll(() => readFile(file, 'utf8').catch(() => undefined), { timeout: 30_000 }).toBeDefined();
      return readFile(file, 'utf8');
    };
    let client: SageMakerRuntimeClient;
    let name: string;
    let url: string;

    beforeAll(async () => {
      const { target } = await packed(bytes);
      name = asyncEndpointName(ENDPOINT, target);
      url = await started().url();
      const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
      client = new SageMakerRuntimeClient({ region: 'eu-west-1', endpoint: url, credentials, maxAttempts: 1 });
      await mkdir(join(home, 'async/inputs'), { recursive: true });
      await writeFile(join(home, 'async/inputs/digits.json'), body);
    });
    afterAll(() => client.destroy());

    const call = (more: object = {}) =>
      client.send(
        new InvokeEndpointAsyncCommand({
          EndpointName: name,
          InputLocation: 's3://modeldrop-local-async/inputs/digits.json',
          ContentType: json,
          RequestTTLSeconds: 60,
          ...more,
        }),
      );

    it('says to the SDK where the answer will lie, and puts it there', async () => {
      const told = await call({ InferenceId: 'order-17' });
      expect(told.$metadata.httpStatusCode).toBe(202);
      expect(told.InferenceId).toBe('order-17');
      expectRight(await arrived(fileAt(told.OutputLocation)));
    });

    describe('while another call is carried out', () => {
      const outOf = async (folder: string, numbers: readonly number[]) => {
        const { target } = await packed(counting());
        const input = `inputs/${folder}.json`;
        const rows = { name: 'x', datatype: 'FP32', shape: [1, 2], data: numbers };
        await writeFile(join(home, 'async', input), JSON.stringify({ inputs: [rows] }));
        return call({
          EndpointName: asyncEndpointName(ENDPOINT, target),
          InputLocation: `s3://modeldrop-local-async/${input}`,
        });
      };
      const queue = async () => {
        const names = await readdir(join(home, 'async/queue')).catch(() => []);
        const entries = names.filter((name) => name.endsWith('.json'));
        return Promise.all(
          entries.map(async (name) => JSON.parse(await readFile(join(home, 'async/queue', name), 'utf8'))),
        );
      };
      const runsOf = async () =>
        (await promisify(execFile)('pgrep', ['-f', `${join(home, 'async')} runs$`])).stdout.split('\n').filter(Boolean);

      it('takes the next ones at once, and does them when that one has ended its process three times', async () => {
        const short: { OutputLocation?: string } = {};
        const endless = await outOf('endless', [1e12, 0]);
        for (const begun of [1, 2, 3]) {
          await expect.poll(async () => (await queue())[0]?.begun, { timeout: 20_000 }).toBe(begun);
          if (begun === 1) Object.assign(short, await outOf('short', [2, 3]));
          for (const pid of await runsOf()) process.kill(Number(pid), 'SIGKILL');
        }
        expect(await arrived(fileAt(endless.FailureLocation))).toContain('begun 3 times');
        expect(JSON.parse(await arrived(fileAt(short.OutputLocation))).outputs[0].data).toEqual([7, 8]);
        await expect.poll(queue).toEqual([]);
      });

      it('writes nothing for one whose input was taken back', async () => {
        const slow = await outOf('slow', [300_000, 0]);
        await expect.poll(async () => (await queue())[0]?.begun, { timeout: 20_000 }).toBe(1);
        await rm(join(home, 'async/inputs/slow.json'));
        await expect.poll(queue, { timeout: 20_000 }).toEqual([]);
        for (const place of [slow.OutputLocation, slow.FailureLocation]) {
          await expect(readFile(fileAt(place))).rejects.toThrow('ENOENT');
        }
      });
    });

    it('does so for the command of AWS', async () => {
      const input = 's3://modeldrop-local-async/inputs/digits.json';
      const { stdout } = await promisify(execFile)(
        'aws',
        [
          ...['sagemaker-runtime', 'invoke-endpoint-async', '--endpoint-url', url, '--region', 'eu-west-1'],
          ...['--endpoint-name', name, '--input-location', input, '--content-type', json, '--output', 'json'],
        ],
        { env: { ...process.env, AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' } },
      );
      expectRight(await arrived(fileAt(JSON.parse(stdout).OutputLocation)));
    });

    it.each([
      ['that the model does not take', 'refused.json', '{"inputs":[]}', 'client error (400)'],
      ['that is not there', 'nowhere.json', undefined, 'nothing at s3://modeldrop-local-async/inputs/nowhere.json'],
    ])('leaves a failure for an input %s', async (_, file, content, why) => {
      if (content !== undefined) await writeFile(join(home, 'async/inputs', file), content);
      const told = await call({ InputLocation: `s3://modeldrop-local-async/inputs/${file}` });
      expect(await arrived(fileAt(told.FailureLocation))).toContain(why);
      await expect(readFile(fileAt(told.OutputLocation))).rejects.toThrow('ENOENT');
    });

    it.each([
      ['another endpoint', { EndpointName: ENDPOINT }, 'not found'],
      ['a bucket of others', { InputLocation: 's3://other/key' }, 'InputLocation must be'],
      [
        'a place outside of the bucket',
        { InputLocation: 's3://modeldrop-local-async/../keys/k.json' },
        'InputLocation',
      ],
      ['seconds that are too few', { RequestTTLSeconds: 1 }, 'from 60 to 21600'],
    ])('refuses %s by the name of the error', async (_, more, why) => {
      await expect(call(more)).rejects.toMatchObject({
        name: 'ValidationError',
        message: expect.stringContaining(why),
        $metadata: { httpStatusCode: 400 },
      });
    });
  });

  it('says which archive it can not load', async () => {
    const { signature } = await packed(line());
    const host = started();
    const ask = (target: string) =>
      endpointPredictor({ signature, endpoint: ENDPOINT, target }, host.invoke).predict(
        new Map([['input', fp64([1, 2], Float64Array.of(1, 2))]]),
        signal,
      );
    for (const target of [`${'0'.repeat(64)}.tar.gz`, '../keys/k.json']) {
      await expect(ask(target)).rejects.toMatchObject({ name: 'EndpointModelFailed', status: 502 });
    }
  });

  it('is started anew after it was killed', async () => {
    const model = await packed(line());
    const pids: number[] = [];
    const host = started({ started: ({ pid }) => pids.push(pid) });
    const predictor = endpointPredictor(model, host.invoke);
    const ask = () => predictor.predict(new Map([['input', fp64([1, 2], Float64Array.of(1, 2))]]), signal);
    const before = await ask();
    process.kill(pids[0] as number, 'SIGKILL');
    await sleep(50);
    expect(await ask()).toEqual(before);
    expect(pids).toHaveLength(2);
  });

  it('is ended where a model computes without end, and answers the next caller', async () => {
    const [stuck, fine] = [await packed(endless()), await packed(line())];
    const host = started({ aliveMs: 200 });
    const [spec] = stuck.signature.inputs;
    const shape = (spec?.shape ?? []).map((size) => (size === -1 ? 1 : size));
    const one = new Map([[spec?.name ?? '', { datatype: 'FP32', shape, data: new Float32Array(2) } as const]]);
    await host.url();
    const late = AbortSignal.timeout(500);
    await expect(endpointPredictor(stuck, host.invoke).predict(one, late)).rejects.toBeDefined();
    const predictor = endpointPredictor(fine, host.invoke);
    const ask = () => predictor.predict(new Map([['input', fp64([1, 2], Float64Array.of(1, 2))]]), signal);
    const again = await ask().catch(ask);
    expect(again.get('y')?.shape).toEqual([1, 1]);
  });
});
