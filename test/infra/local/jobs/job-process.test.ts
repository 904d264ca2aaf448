import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { layout } from '../../../../adapters/registry/layout.ts';
import { readJob, readResult } from '../../../../adapters/registry/prediction-jobs.ts';
import { filesStore } from '../../../../adapters/store/files.ts';
import type { Store } from '../../../../adapters/store/store.ts';
import { JobQueueFull } from '../../../../functions/http/errors.ts';
import { bundled } from '../../../../infra/local/bundle.ts';
import { type ChildProgram, fromSource } from '../../../../infra/local/child-program.ts';
import {
  type JobProcess,
  type JobProcessOptions,
  jobProcess,
  jobsEntry,
} from '../../../../infra/local/jobs/job-process.ts';
import type { PredictionJob } from '../../../../models/prediction-job.ts';
import { type House, openHouse } from '../../../functions/house.ts';
import { temporaryHome } from '../../../journey/running-platform.ts';
import { referenceFile } from '../../../reference.ts';

const cleanups: (() => Promise<void>)[] = [];
const rows = Array.from({ length: 100_000 }, (_, i) => i % 5);

let home: string;
let registry: Store;
let jobs: JobProcess | undefined;

beforeEach(async () => {
  home = await temporaryHome(cleanups);
  registry = filesStore(join(home, 'registry'));
});
afterEach(async () => {
  await jobs?.close();
  jobs = undefined;
});
afterAll(async () => {
  for (const cleanup of cleanups) await cleanup();
});

function start(options: Partial<JobProcessOptions> = {}): JobProcess {
  jobs = jobProcess({ home, folder: join(home, 'registry'), registry, dead: () => {}, ...options });
  return jobs;
}

/** A program that does this with each message. */
async function program(what: string): Promise<ChildProgram> {
  const file = join(home, 'program.mjs');
  await writeFile(file, what);
  return fromSource(file);
}

/** The process has a clock of its own, and a job waits for some hours only. */
async function houseOfToday(): Promise<House> {
  const house = await openHouse(['line']);
  house.now = Date.now();
  return house;
}

/** The registry of a house in memory, with its jobs, as files. */
async function laidDown({ registry: held }: House): Promise<void> {
  for (const path of await held.list('')) {
    const stored = await held.read(path);
    if (stored) await registry.create(path, stored.bytes);
  }
}

async function asked(house: House, instances: readonly unknown[]): Promise<string> {
  const answer = await house.api({ method: 'POST', path: '/v1/models/line/jobs', body: { instances } });
  return (answer.json as { id: string }).id;
}

const ended = async (id: string): Promise<PredictionJob> => {
  await expect
    .poll(async () => (await readJob(registry, id))?.state, { timeout: 90_000, interval: 100 })
    .toMatch(/succeeded|failed|cancelled/);
  return (await readJob(registry, id)) as PredictionJob;
};

async function predictionsOf({ id, result }: PredictionJob): Promise<number[]> {
  const bytes = result && (await readResult(registry, id, result));
  return (JSON.parse(Buffer.from(bytes ?? []).toString()) as { predictions: number[] }).predictions;
}

describe('the process of the jobs', { timeout: 120_000 }, () => {
  it('answers two jobs that are there at once', async () => {
    const house = await houseOfToday();
    const ids = [await asked(house, [[1], [2]]), await asked(house, [[2], [1]])];
    await laidDown(house);
    const { enqueue } = start();
    await Promise.all(ids.map(enqueue));
    const [one, other] = (await Promise.all(ids.map(ended))) as [PredictionJob, PredictionJob];
    expect([one.state, other.state]).toEqual(['succeeded', 'succeeded']);
    expect(await predictionsOf(one)).toEqual((await predictionsOf(other)).toReversed());
  });

  it('starts from one file as well, and answers pictures there as everywhere', async () => {
    const house = await houseOfToday();
    const image = { width: 8, height: 8, channels: 1, layout: 'NCHW' };
    await house.drop('digits', 'drop.json', Buffer.from(JSON.stringify({ image })));
    await house.drop('digits', 'model.onnx', referenceFile('models/digits-cnn.onnx').bytes);
    const body = await readFile('examples/digits-cascade/three.png');
    const picture = { method: 'POST', headers: { 'content-type': 'image/png' }, body };
    const waited = await house.api({ ...picture, path: '/v1/models/digits:predict' });
    const { id } = (await house.api({ ...picture, path: '/v1/models/digits/jobs' })).json as { id: string };
    await laidDown(house);
    const { jobs: program } = await bundled({ jobs: jobsEntry });
    expect(program.file).toMatch(/jobs-[0-9a-f]{16}\.mjs$/);
    await start({ program }).enqueue(id);
    expect(await predictionsOf(await ended(id))).toEqual((waited.json as { predictions: unknown }).predictions);
  });

  it('is started again where it was killed in mid-job, and the job is answered all the same', async () => {
    const house = await houseOfToday();
    const id = await asked(house, rows);
    await laidDown(house);
    const [job, killed] = [join(home, 'registry', layout.job(id)), join(home, 'killed')];
    // The first of its processes kills itself once it has begun.
    const dying = await program(`
      import { existsSync, readFileSync, writeFileSync } from 'node:fs';
      if (!existsSync(${JSON.stringify(killed)})) setInterval(() => {
        if (!readFileSync(${JSON.stringify(job)}, 'utf8').includes('"running"')) return;
        writeFileSync(${JSON.stringify(killed)}, 'in mid-job');
        process.kill(process.pid, 'SIGKILL');
      }, 1);
      await import(${JSON.stringify(jobsEntry)});
    `);
    await start({ program: dying, leaseMs: 10_000 }).enqueue(id);
    const done = await ended(id);
    expect(await readFile(killed, 'utf8')).toBe('in mid-job');
    expect([done.state, done.takes]).toEqual(['succeeded', 2]);
    const [zero, one] = (await predictionsOf(done)) as [number, number];
    expect(await predictionsOf(done)).toEqual(rows.map((x) => expect.closeTo(zero + (one - zero) * x, 9)));
  });

  it('is killed where a job never ends, and the next one has its turn', async () => {
    const [endless, other] = ['a'.repeat(32), 'b'.repeat(32)];
    const done = join(home, 'done');
    const looping = await program(`
      import { writeFileSync } from 'node:fs';
      process.on('message', ({ job }) => {
        if (job === '${endless}') for (;;);
        writeFileSync(${JSON.stringify(done)}, job);
        process.send({ done: true });
      });
    `);
    const { enqueue } = start({ program: looping, leaseMs: 1_000 });
    await enqueue(endless);
    await enqueue(other);
    await expect.poll(() => readFile(done, 'utf8').catch(() => ''), { timeout: 20_000 }).toBe(other);
  });

  it('lives for longer than a lease while it holds its job', async () => {
    const job = 'a'.repeat(32);
    const file = join(home, 'registry', layout.job(job));
    // It renews its lease for more than two of them, as a take does.
    const patient = await program(`
      import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
      import { dirname } from 'node:path';
      const file = ${JSON.stringify(file)};
      mkdirSync(dirname(file), { recursive: true });
      process.on('message', () => {
        const hold = () => {
          writeFileSync(file + '.new', JSON.stringify({ id: '${job}', state: 'running', heldUntil: Date.now() + 2_500 }));
          renameSync(file + '.new', file);
        };
        const timer = setInterval(hold, 200);
        hold();
        setTimeout(() => {
          clearInterval(timer);
          writeFileSync(${JSON.stringify(join(home, 'done'))}, String(process.pid));
          process.send({ done: true, asked: false });
        }, 6_000);
      });
      writeFileSync(${JSON.stringify(join(home, 'pid'))} + process.pid, '');
    `);
    await start({ program: patient, leaseMs: 2_500 }).enqueue(job);
    await expect.poll(() => readFile(join(home, 'done'), 'utf8').catch(() => ''), { timeout: 20_000 }).toMatch(/\d/);
    const processes = (await readdir(home)).filter((name) => name.startsWith('pid'));
    expect(processes).toEqual([`pid${await readFile(join(home, 'done'), 'utf8')}`]);
  });

  it('takes up what an earlier start has left, and nothing that has ended', async () => {
    const house = await houseOfToday();
    const [left, cancelled] = [await asked(house, [[1]]), await asked(house, [[2]])];
    await house.api({ method: 'DELETE', path: `/v1/jobs/${cancelled}` });
    await laidDown(house);
    await start().resume();
    expect((await ended(left)).state).toBe('succeeded');
    expect((await readJob(registry, cancelled))?.state).toBe('cancelled');
  });

  it('takes no more than may wait, but the same one again', async () => {
    const [one, other] = ['a'.repeat(32), 'b'.repeat(32)];
    const { enqueue } = start({ program: await program('setInterval(() => {}, 1_000);'), most: 1 });
    await enqueue(one);
    await enqueue(one);
    await expect(enqueue(other)).rejects.toThrow(JobQueueFull);
  });
});
