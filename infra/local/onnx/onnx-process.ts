import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { FailedElsewhere, ModelDied, RunTimedOut } from '../../../adapters/onnx/errors.ts';
import type { OnnxSession, OpenSession } from '../../../adapters/onnx/session.ts';
import { unwire, wire } from '../../../adapters/onnx/wire.ts';
import type { Tensors } from '../../../models/tensor.ts';
import { forkBounded } from '../bounded-fork.ts';
import { type ChildProgram, fromSource } from '../child-program.ts';
import { boundFor } from '../memory-bound.ts';
import type { Question, Reply } from './messages.ts';

export interface OnnxProcessOptions {
  /** The platform's folder. */
  readonly home: string;
  readonly program?: ChildProgram | Promise<ChildProgram>;
  /** Of one run. */
  readonly deadlineMs?: number;
  /** What the process of a model of so many bytes may write to. */
  readonly boundMb?: (bytes: number) => number;
}

export interface OnnxProcesses {
  readonly open: OpenSession;
  /** Ends every process. */
  close(): Promise<void>;
}

export const onnxEntry = fileURLToPath(new URL('entry.ts', import.meta.url));
const HEAP_MB = 512;
/** Below the gateway's own deadline, so that the reason is told. */
const DEADLINE_MS = 25_000;
/** Starting a process and reading a model, on a busy machine. */
const OPEN_MS = 60_000;

/**
 * ONNX Runtime in child processes, one a model: a run that does not end, or takes all memory, ends its own process and
 * nothing else, and the next request finds a new one.
 */
export function onnxProcesses(options: OnnxProcessOptions): OnnxProcesses {
  const { home, program = fromSource(onnxEntry), deadlineMs = DEADLINE_MS, boundMb = boundFor } = options;
  const all = new Set<ChildProcess>();

  const start = async (bytes: Uint8Array, signal: AbortSignal): Promise<ChildProcess> => {
    const child = forkBounded(await program, { home, heapMb: HEAP_MB, dataMb: boundMb(bytes.length) });
    // Nobody waits for a process that is asked nothing.
    child.unref();
    child.channel?.unref();
    all.add(child);
    child.once('exit', () => all.delete(child));
    await ask(child, { open: bytes }, OPEN_MS, signal);
    return child;
  };

  return {
    async open(bytes) {
      return sessionOf((signal) => start(bytes, signal), deadlineMs);
    },
    async close() {
      await Promise.all([...all].map(ended));
    },
  };
}

/** Runs one after the other, in a process that is there when it is needed. */
async function sessionOf(
  start: (signal: AbortSignal) => Promise<ChildProcess>,
  deadlineMs: number,
): Promise<OnnxSession> {
  let child = await start(new AbortController().signal);
  let turn: Promise<unknown> = Promise.resolve();

  const run = async (inputs: Tensors, signal: AbortSignal): Promise<Tensors> => {
    signal.throwIfAborted();
    if (!isAlive(child)) child = await start(signal);
    return unwire((await ask(child, { run: wire(inputs) }, deadlineMs, signal)).outputs);
  };

  return {
    run(inputs, signal) {
      const ran = turn.then(() => run(inputs, signal));
      turn = ran.catch(() => {});
      return ran;
    },
    async close() {
      await turn;
      await ended(child);
    },
  };
}

/** One that was killed takes a moment to be gone. */
const isAlive = ({ connected, killed, exitCode, signalCode }: ChildProcess): boolean =>
  connected && !killed && exitCode === null && signalCode === null;

/**
 * One question, one answer. A process that does not answer in time, or whose answer nobody waits for any more, is killed.
 * @throws FailedElsewhere, ModelDied, RunTimedOut, the signal's reason
 */
function ask(child: ChildProcess, question: Question, deadlineMs: number, signal: AbortSignal) {
  const { promise, resolve, reject } = Promise.withResolvers<Extract<Reply, { outputs: unknown }>>();
  const killFor = (reason: unknown): void => {
    reject(reason);
    child.kill('SIGKILL');
  };
  const timer = setTimeout(() => killFor(new RunTimedOut(deadlineMs / 1_000)), deadlineMs);
  const aborted = (): void => killFor(signal.reason);
  const died = (): void => reject(new ModelDied());
  const heard = (reply: unknown): void => {
    const said = reply as Reply;
    if ('failed' in said) reject(new FailedElsewhere(said.failed.message, said.failed.status));
    else resolve(said);
  };
  signal.addEventListener('abort', aborted, { once: true });
  child.once('message', heard).once('exit', died).once('error', died);
  child.send(question, (error) => error && died());
  return promise.finally(() => {
    clearTimeout(timer);
    signal.removeEventListener('abort', aborted);
    child.off('message', heard).off('exit', died).off('error', died);
  });
}

/** Kills a process and waits until it is gone. */
function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.ref();
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
  });
}
