import { type ChildProcess, fork } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { listJobs, readJob } from '../../../adapters/registry/prediction-jobs.ts';
import type { Store } from '../../../adapters/store/store.ts';
import type { ControlPorts } from '../../../functions/control/handler.ts';
import { JobQueueFull } from '../../../functions/http/errors.ts';
import { hasEnded } from '../../../models/prediction-job.ts';
import { type ChildProgram, fromSource, present } from '../child-program.ts';
import { asyncFolder } from '../endpoint-host/endpoint-process.ts';
import { type EndpointPlace, tellEndpoint } from '../platform-endpoint.ts';
import type { FromJobs, ToJobs } from './messages.ts';
import { watchdog } from './watchdog.ts';

export interface JobProcessOptions {
  readonly home: string;
  /** The folder of the registry, and what lies there. */
  readonly folder: string;
  readonly registry: Store;
  /** Hears of a job that is left as it is until the next start. */
  readonly dead: (job: string) => void;
  /** What models that are placed on the endpoint are asked at: its name, and where it is. */
  readonly endpoint?: EndpointPlace;
  /** How long the process of a job may live without a sign that it is at work on it. */
  readonly leaseMs?: number;
  /** Jobs that may wait. */
  readonly most?: number;
  /** What runs in the process. */
  readonly program?: ChildProgram | Promise<ChildProgram>;
}

export interface JobProcess {
  readonly enqueue: ControlPorts['enqueue'];
  /** Takes up what an earlier start has left. */
  resume(): Promise<void>;
  /** Ends what is being predicted: the next start takes it up. */
  close(): Promise<void>;
}

type Word = Extract<FromJobs, { done: boolean }>;

export const jobsEntry = fileURLToPath(new URL('entry.ts', import.meta.url));

/** As on AWS. */
const LEASE_MS = 35_000;
const MOST = 1_000;
/** Between two looks at a job that another take still holds. */
const PAUSE_MS = 1_000;
/** Looks at one job: more than a lease lasts, for each take that it has. */
const LOOKS = 120;

/**
 * The jobs function in a process of its own, one job after the other: whoever waits for a prediction does not wait for
 * these, and a model that computes without end is killed.
 */
export function jobProcess(options: JobProcessOptions): JobProcess {
  const { home, folder, registry, dead, endpoint, leaseMs = LEASE_MS, most = MOST } = options;
  const { program = fromSource(jobsEntry) } = options;
  const looks = new Map<string, number>();
  const leaving = new AbortController();
  let running: Promise<void> = Promise.resolve();
  let child: ChildProcess | undefined;

  const start = async (): Promise<ChildProcess> => {
    const { file } = present(await program);
    leaving.signal.throwIfAborted();
    const started = fork(
      file,
      [String(process.pid), folder, String(leaseMs), endpoint?.name ?? '', asyncFolder(home)],
      {
        env: {},
        cwd: home,
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      },
    );
    started.on('error', () => {});
    tellEndpoint(started, endpoint);
    started.once('exit', () => {
      if (child === started) child = undefined;
    });
    return started;
  };

  /** Whether the job is at its end, or with an endpoint. A process that dies says nothing of it. */
  const run = async (job: string): Promise<Word> => {
    child ??= await start();
    const current = child;
    const { promise, resolve } = Promise.withResolvers<Word>();
    const hear = (message: FromJobs): void => {
      if ('done' in message) resolve(message);
    };
    const die = (): void => resolve({ done: false, asked: false });
    const callOff = watchdog(current, job, { registry, leaseMs });
    current.on('message', hear).once('exit', die);
    current.send({ job } satisfies ToJobs);
    return promise.finally(() => {
      callOff();
      current.off('message', hear).off('exit', die);
    });
  };

  const look = async (job: string): Promise<void> => {
    if (leaving.signal.aborted) return;
    const { done, asked } = await run(job);
    if (done) return void looks.delete(job);
    // An endpoint may take hours; the job ends by itself when they are over.
    const seen = asked ? 0 : (looks.get(job) ?? 0) + 1;
    looks.set(job, seen);
    if (seen >= LOOKS) {
      looks.delete(job);
      dead(job);
      return;
    }
    // Others have their turn meanwhile.
    sleep(PAUSE_MS, undefined, { signal: leaving.signal, ref: false }).then(
      () => line(job),
      () => {},
    );
  };

  const line = (job: string): void => {
    running = running.then(() => look(job)).catch(() => {});
  };

  const add = (job: string): void => {
    if (looks.has(job)) return;
    looks.set(job, 0);
    line(job);
  };

  return {
    async enqueue(job) {
      if (!looks.has(job) && looks.size >= most) throw new JobQueueFull(most);
      add(job);
    },
    async resume() {
      for (const id of await listJobs(registry)) {
        const job = await readJob(registry, id);
        if (job !== undefined && !hasEnded(job)) add(id);
      }
    },
    async close() {
      leaving.abort();
      child?.kill('SIGKILL');
      await running;
    },
  };
}
