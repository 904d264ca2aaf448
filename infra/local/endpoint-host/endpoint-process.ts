import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { EndpointUnavailable } from '../../../adapters/endpoint/failures.ts';
import type { Invoke } from '../../../adapters/endpoint/invoke.ts';
import { sagemakerEndpoint } from '../../../adapters/endpoint/sagemaker.ts';
import { forkBounded } from '../bounded-fork.ts';
import { type ChildProgram, fromSource } from '../child-program.ts';
import { MEGABYTE, machineMegabytes } from '../memory-bound.ts';
import { queueFolder } from './async-queue.ts';
import { asyncRunner } from './async-runner.ts';
import { endOf, hasEnded } from './end-of.ts';
import type { EndpointRole, FromHost } from './messages.ts';

export interface EndpointProcessOptions {
  /** The platform's folder. */
  readonly home: string;
  readonly program?: ChildProgram | Promise<ChildProgram>;
  /** The folder of the registry. */
  readonly registry: string;
  /** The endpoint's name. */
  readonly endpoint: string;
  /** Told of each start. */
  readonly started?: (host: { readonly url: string; readonly pid: number }) => void;
  /** Of the models that are loaded at a time: a quarter of the machine's memory where it is not said. */
  readonly modelMb?: number;
  /** How long a process that left a call unanswered may take to say that it is alive. */
  readonly aliveMs?: number;
  /** Whether it may be told to misbehave. */
  readonly mayMisbehave?: boolean;
}

export interface EndpointProcess {
  /** Calls the endpoint, and starts it where it does not run. */
  readonly invoke: Invoke;
  /** Where the endpoint listens. It is started where it does not run. */
  url(): Promise<string>;
  /** Does what an earlier start was asked asynchronously, and has left. */
  takeUp(): Promise<void>;
  close(): Promise<void>;
}

/** Where the inputs and outputs of asynchronous calls lie. */
export const asyncFolder = (home: string): string => join(home, 'async');

export const endpointEntry = fileURLToPath(new URL('entry.ts', import.meta.url));
const HEAP_MB = 1_024;
/** Node's own, and what runs take. */
const BESIDE_MB = 3_000;
const OWNER_ONLY = 0o700;
const LEAST_MODELS_MB = 1_024;
/** Starting a process on a busy machine. */
const START_MS = 30_000;
/** In which a process that died is heard of. */
const DEATH_MS = 500;

interface Running {
  readonly child: ChildProcess;
  readonly url: string;
  readonly invoke: Invoke;
  /** Lets the next call start another one. */
  forget(): void;
}

/**
 * The endpoint of a platform on one machine: a process of its own, started when it is first called, and again after it
 * died. A model that computes without end ends it; whoever predicts in another process does not notice.
 */
export function endpointProcess(options: EndpointProcessOptions): EndpointProcess {
  const { endpoint, aliveMs = 2_000, started } = options;
  let running: Promise<Running> | undefined;
  let isClosed = false;

  const runner = asyncRunner({
    queue: queueFolder(asyncFolder(options.home)),
    start: () => forkProcess(options, 'runs'),
  });
  const start = (): Promise<Running> => {
    const forget = (): void => {
      if (running === starting) running = undefined;
    };
    const starting: Promise<Running> = forkProcess(options, 'listens').then(async (child) => {
      child.once('exit', forget);
      child.on('message', (message: FromHost) => 'queued' in message && runner.wake());
      const url = await urlOf(child, endpoint);
      started?.({ url, pid: child.pid as number });
      const { invoke, close } = sagemakerEndpoint({ endpoint, url: new URL(url) });
      child.once('exit', close);
      return { child, url, forget, invoke };
    });
    starting.catch(forget);
    return starting;
  };
  const use = (): Promise<Running> => {
    if (isClosed) return Promise.reject(new EndpointUnavailable(endpoint, 'is shut down'));
    running ??= start();
    return running;
  };

  return {
    async invoke(invocation, signal) {
      const host = await use();
      try {
        return await host.invoke(invocation, signal);
      } catch (error) {
        if (signal.aborted) endIfStuck(host, aliveMs);
        if (!(await isGone(host.child, error))) throw error;
      }
      // It is no more, and nobody got an answer. A prediction changes nothing, so that it may be asked once more.
      host.forget();
      return (await use()).invoke(invocation, signal);
    },
    url: async () => (await use()).url,
    takeUp: runner.wake,
    async close() {
      isClosed = true;
      const host = await running?.catch(() => undefined);
      await Promise.all([host && endOf(host.child), runner.close()]);
    },
  };
}

const quarterMb = (): number => Math.max(LEAST_MODELS_MB, Math.floor(machineMegabytes() / 4));

/** While an archive is loaded, it lies there as it was, expanded, and as a model: what models take may be taken once more. */
const dataMbFor = (modelMb: number): number =>
  BESIDE_MB + Math.max(modelMb, Math.min(2 * modelMb, Math.floor(0.75 * machineMegabytes()) - BESIDE_MB));

async function forkProcess(options: EndpointProcessOptions, role: EndpointRole): Promise<ChildProcess> {
  const {
    home,
    program = fromSource(endpointEntry),
    registry,
    endpoint,
    modelMb = quarterMb(),
    mayMisbehave,
  } = options;
  const folder = asyncFolder(home);
  await mkdir(folder, { recursive: true, mode: OWNER_ONLY });
  const child = forkBounded(await program, {
    home,
    folders: [join(registry, 'triton'), folder],
    written: [folder],
    args: [registry, endpoint, String(modelMb * MEGABYTE), folder, role, ...(mayMisbehave ? ['may-misbehave'] : [])],
    heapMb: HEAP_MB,
    dataMb: dataMbFor(modelMb),
  });
  child.unref();
  child.channel?.unref();
  return child;
}

/** @throws EndpointUnavailable where the process ends, or says nothing, instead of listening */
async function urlOf(child: ChildProcess, endpoint: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const fail = (): void => reject(new EndpointUnavailable(endpoint, 'did not start'));
  const timer = setTimeout(() => {
    child.kill('SIGKILL');
    fail();
  }, START_MS);
  child.once('message', (message: FromHost) => 'url' in message && resolve(message.url));
  child.once('exit', fail).once('error', fail);
  return promise.finally(() => clearTimeout(timer));
}

/** A run holds its process: one that can't even say that it is alive will answer nobody. */
async function endIfStuck({ child, url, forget }: Running, aliveMs: number): Promise<void> {
  const alive = await fetch(`${url}/ping`, { signal: AbortSignal.timeout(aliveMs) }).catch(() => undefined);
  if (alive?.ok) return;
  forget();
  child.kill('SIGKILL');
}

/** A connection that breaks may be a death that is not known yet. */
async function isGone(child: ChildProcess, error: unknown): Promise<boolean> {
  const { code } = ((error as Error).cause ?? error) as NodeJS.ErrnoException;
  if (code === 'ECONNREFUSED') return true;
  if (code !== 'ECONNRESET') return false;
  return hasEnded(child) || Promise.race([once(child, 'exit').then(() => true), sleep(DEATH_MS, false)]);
}
