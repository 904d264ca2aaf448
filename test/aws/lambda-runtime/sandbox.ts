import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { arnOf, type Configuration, environmentOf, nodeOptions } from './configuration.ts';
import { watchMemory } from './memory-bound.ts';
import { exited, type Outcome, outOfMemory, returned, threw, timedOut } from './outcome.ts';
import { type RuntimeApi, startRuntimeApi } from './runtime-api.ts';
import { runtimeProgram } from './runtime-program.ts';

/** One process of a function. It runs while it is asked, one request at a time, and stands still otherwise. */
export interface Sandbox {
  /** How long it took until it could be asked. */
  readonly initMs: number;
  isAlive(): boolean;
  /** How long it has stood still. */
  frozenMs(): number;
  invoke(event: unknown): Promise<Outcome>;
  close(): Promise<void>;
}

export interface SandboxOptions {
  readonly taskRoot: string;
  readonly configuration: Configuration;
  /** Hears what the function writes. */
  readonly log: (text: string) => void;
}

/** The function never came to where it could be asked. */
export class InitFailed extends Error {
  readonly outcome: Outcome;
  constructor(outcome: Outcome) {
    super(`init failed: ${JSON.stringify(outcome.payload)}`);
    this.outcome = outcome;
  }
}

/** Lambda's own bound on an init. */
const INIT_SECONDS = 10;

/** @throws InitFailed */
export async function startSandbox({ taskRoot, configuration, log }: SandboxOptions): Promise<Sandbox> {
  const started = performance.now();
  let turn = turnOf(randomUUID());
  let frozenAt = Number.NaN;

  const api: RuntimeApi = await startRuntimeApi({
    idle() {
      child.kill('SIGSTOP');
      frozenAt = performance.now();
      turn.end();
    },
    responded: (requestId, payload) => requestId === turn.requestId && turn.settle(returned(payload)),
    failed: (requestId, error) => requestId === turn.requestId && turn.settle(threw(error)),
    initFailed: (error) => turn.settle(threw(error)),
  });
  const child = spawn(process.execPath, [...nodeOptions(configuration), runtimeProgram()], {
    cwd: taskRoot,
    env: environmentOf(configuration, { taskRoot, runtimeApi: api.address }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const gone = goneWith(child, log).then(({ code, signal }) => {
    api.close();
    turn.settle(exited(turn.requestId, code, signal));
    turn.end();
  });

  let doomed = false;
  const kill = (): void => {
    doomed = true;
    child.kill('SIGKILL');
  };
  const killFor = (outcome: Outcome): void => {
    turn.settle(outcome);
    kill();
  };

  /** Waits for the end of the present turn, within its bounds. */
  const bounded = async (seconds: number): Promise<Outcome | undefined> => {
    const { requestId } = turn;
    const timer = setTimeout(() => killFor(timedOut(requestId, seconds)), seconds * 1_000);
    const unwatch = watchMemory(child, configuration.memoryMegabytes, () => killFor(outOfMemory(requestId)));
    const outcome = await turn.over;
    clearTimeout(timer);
    unwatch();
    return outcome;
  };

  const failure = await bounded(INIT_SECONDS);
  if (failure !== undefined) {
    kill();
    throw new InitFailed(failure);
  }
  const initMs = performance.now() - started;

  return {
    initMs,
    isAlive: () => !doomed && child.exitCode === null && child.signalCode === null,
    frozenMs: () => performance.now() - frozenAt,
    async invoke(event) {
      turn = turnOf(randomUUID());
      child.kill('SIGCONT');
      const deadlineMs = Date.now() + configuration.timeoutSeconds * 1_000;
      api.hand({ requestId: turn.requestId, event, deadlineMs, functionArn: arnOf(configuration) });
      return (await bounded(configuration.timeoutSeconds)) as Outcome;
    },
    async close() {
      kill();
      await gone;
    },
  };
}

/** One stretch of running: the init, or an invocation. */
interface Turn {
  readonly requestId: string;
  /** With the outcome; without one where there was nothing to be answered. */
  readonly over: Promise<Outcome | undefined>;
  /** The first outcome counts: what is killed exits, too. */
  settle(outcome: Outcome): void;
  end(): void;
}

function turnOf(requestId: string): Turn {
  const { promise: over, resolve } = Promise.withResolvers<Outcome | undefined>();
  let first: Outcome | undefined;
  return {
    requestId,
    over,
    settle(outcome) {
      first ??= outcome;
    },
    end: () => resolve(first),
  };
}

function goneWith(child: ChildProcess, log: (text: string) => void) {
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', log);
  return new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('error', () => resolve({ code: 1, signal: null }));
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
}
