import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onnxPredictor } from '../../../../adapters/onnx/onnx-predictor.ts';
import {
  type OnnxProcesses,
  type OnnxProcessOptions,
  onnxProcesses,
} from '../../../../infra/local/onnx/onnx-process.ts';
import { inspectDropped, type OnnxInspection } from '../../../../models/formats/dropped.ts';
import type { Predictor } from '../../../../models/predictor.ts';
import { fp64 } from '../../../../models/tensor.ts';
import { predictorContract } from '../../../contract/predictor.ts';
import { temporaryHome } from '../../../journey/running-platform.ts';
import { endless, FLOAT, line, node, onnx, swelling, value } from '../../../models/formats/onnx/written.ts';

const cleanups: (() => Promise<void>)[] = [];
const { signal } = new AbortController();
let home: string;

beforeAll(async () => {
  home = await temporaryHome(cleanups);
});

afterAll(async () => {
  for (const cleanup of cleanups.toReversed()) await cleanup();
});

const processes = (options: Partial<OnnxProcessOptions> = {}): OnnxProcesses => {
  const all = onnxProcesses({ home, ...options });
  cleanups.push(all.close);
  return all;
};

async function predictorOf(bytes: Uint8Array, all: OnnxProcesses): Promise<Predictor> {
  const { content, onnx: served } = inspectDropped({ name: 'm.onnx', bytes }, {}) as OnnxInspection;
  return onnxPredictor(content.signature, await all.open(served));
}

const ask = async (predictor: Predictor, name: string, values: readonly number[], given = signal) => {
  const answered = await predictor.predict(new Map([[name, fp64([1, 2], Float64Array.from(values))]]), given);
  return Array.from(answered.get('y')?.data as ArrayLike<number>);
};

predictorContract('ONNX Runtime in a child process', {
  open: async () => predictorOf(line(), onnxProcesses({ home: await temporaryHome(cleanups) })),
  rows: [
    [1, 2],
    [3, -4],
    [0, 7],
  ],
  takesMissing: 'NaN is a missing value, which an ONNX model itself knows what to make of',
});

const PROGRAM = 'infra/local/onnx/entry.ts';

describe('a model in a process of its own', () => {
  it('that does not end is stopped in time, and the next request finds a new process', async () => {
    const stubborn = await predictorOf(endless(), processes({ deadlineMs: 1_000 }));
    const [first] = childrenOf(process.pid);
    await expect(ask(stubborn, 'x', [1, 2])).rejects.toMatchObject({ name: 'RunTimedOut', status: 504 });
    await gone(first as number);
    await expect(ask(stubborn, 'x', [1, 2])).rejects.toMatchObject({ status: 504 });
    await stubborn.close();
  });

  it('that nobody waits for any more is stopped', async () => {
    const stubborn = await predictorOf(endless(), processes());
    await expect(ask(stubborn, 'x', [1, 2], AbortSignal.timeout(500))).rejects.toMatchObject({ name: 'TimeoutError' });
    await stubborn.close();
  });

  it('that takes all memory fails by itself, and others go on', async () => {
    const all = processes();
    const [greedy, modest] = await Promise.all([predictorOf(swelling(), all), predictorOf(line(), all)]);
    const refused = await ask(greedy, 'x', [0, 0]).catch((error) => error);
    expect([422, 502]).toContain(refused.status);
    expect(await ask(modest, 'input', [1, 2])).toEqual([0.5]);
    await Promise.all([greedy.close(), modest.close()]);
  });

  it('that was killed is started again', async () => {
    const predictor = await predictorOf(line(), processes());
    expect(await ask(predictor, 'input', [1, 2])).toEqual([0.5]);
    const [pid] = childrenOf(process.pid);
    process.kill(pid as number, 'SIGKILL');
    await gone(pid as number);
    // At most one request meets a process that is gone before it is known to be.
    await ask(predictor, 'input', [3, 2]).catch((error) =>
      expect(error).toMatchObject({ name: 'ModelDied', status: 502 }),
    );
    expect(await ask(predictor, 'input', [3, 2])).toEqual([4.5]);
    await predictor.close();
  });

  it('knows nothing of our environment, and stands in an empty folder', async () => {
    const predictor = await predictorOf(line(), processes());
    const [pid] = childrenOf(process.pid);
    const told = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').filter(Boolean);
    const names = told.map((pair) => pair.split('=')[0] as string);
    expect(names.filter((name) => !/^(NODE_CHANNEL_\w+|PWD|OLDPWD|SHLVL|_)$/.test(name))).toEqual([]);
    expect(readdirSync(`/proc/${pid}/cwd/`)).toEqual([]);
    await predictor.close();
  });

  it('that ONNX Runtime does not take is refused by its words', async () => {
    const bytes = onnx({
      node: [node('Relu', ['nowhere'], ['y'])],
      input: [value('x', FLOAT, ['N', 2])],
      output: [value('y', FLOAT, ['N', 2])],
    });
    await expect(predictorOf(bytes, processes())).rejects.toMatchObject({
      status: 422,
      message: expect.stringContaining('is not taken by ONNX Runtime'),
    });
  });

  it('does not outlive a platform that was killed, not even in the middle of a run', async () => {
    const program = `
      const { onnxProcesses } = await import('./infra/local/onnx/onnx-process.ts');
      const { endless } = await import('./test/models/formats/onnx/written.ts');
      const session = await onnxProcesses({ home: ${JSON.stringify(home)} }).open(endless());
      const x = { datatype: 'FP32', shape: [1, 2], data: Float32Array.of(1, 2) };
      setTimeout(() => console.log('running'), 300);
      await session.run(new Map([['x', x]]), new AbortController().signal);
    `;
    const platform = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise((resolve) => platform.stdout.once('data', resolve));
    const [pid] = childrenOf(platform.pid as number);
    expect(pid).toBeGreaterThan(0);
    platform.kill('SIGKILL');
    await gone(pid as number);
  });
});

/** The processes of models that a process has started, newest first. */
const childrenOf = (parent: number): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const [, ppid] = /^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
        return Number(ppid) === parent && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(PROGRAM);
      } catch {
        return false;
      }
    })
    .sort((a, b) => b - a);

async function gone(pid: number): Promise<void> {
  for (let tries = 0; tries < 400; tries++) {
    try {
      if (/^State:\s*Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))) return;
    } catch {
      return;
    }
    await sleep(50);
  }
  throw new Error(`process ${pid} is still there`);
}
