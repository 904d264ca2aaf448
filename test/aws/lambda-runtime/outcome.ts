/** What an invocation came to, as Lambda tells its caller. */
export interface Outcome {
  readonly payload: unknown;
  /** Present where the payload is an error. */
  readonly functionError?: 'Unhandled';
}

export const returned = (payload: unknown): Outcome => ({ payload });

/** What the runtime said of the handler's failure. */
export const threw = (error: unknown): Outcome => ({ payload: error, functionError: 'Unhandled' });

export const timedOut = (requestId: string, seconds: number): Outcome =>
  ended('Sandbox.Timedout', requestId, `Task timed out after ${seconds.toFixed(2)} seconds`);

export const outOfMemory = (requestId: string): Outcome =>
  ended('Runtime.OutOfMemory', requestId, 'Runtime exited with error: signal: killed');

/** The process is gone, and nobody has killed it. */
export function exited(requestId: string, code: number | null, signal: NodeJS.Signals | null): Outcome {
  return ended('Runtime.ExitError', requestId, `Runtime exited ${reasonOf(code, signal)}`);
}

function reasonOf(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal !== null) return `with error: signal: ${NAMES[signal] ?? signal}`;
  return code === 0 ? 'without providing a reason' : `with error: exit status ${code}`;
}

const NAMES: Readonly<Record<string, string>> = {
  SIGABRT: 'aborted',
  SIGILL: 'illegal instruction',
  SIGKILL: 'killed',
  SIGSEGV: 'segmentation fault',
  SIGTRAP: 'trace/breakpoint trap',
};

const ended = (errorType: string, requestId: string, reason: string): Outcome =>
  threw({ errorType, errorMessage: `RequestId: ${requestId} Error: ${reason}` });
