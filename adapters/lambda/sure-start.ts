import { setTimeout as sleep } from 'node:timers/promises';
import { InvokeFailed } from './failures.ts';
import { type StartTarget, signedStart } from './signed-start.ts';

export interface SureStartOptions extends StartTarget {
  /** Between two tries, at most, and twice as long each time. */
  readonly pauseMs?: number;
}

const TRIES = 4;
const ANSWERS_IN_MS = 5_000;
const PAUSE_MS = 100;
const TAKEN = 202;
/** Throttled: nothing but a later try helps. */
const THROTTLED = 429;

/**
 * Has a function run, and waits for Lambda's word that it will: it keeps the request then, and tries it again where it
 * fails. Without the SDK. What is answered too late may be started twice.
 * @throws InvokeFailed where Lambda has not taken it
 */
export function sureStart({ pauseMs = PAUSE_MS, ...target }: SureStartOptions): (payload: unknown) => Promise<void> {
  const { protocol, hostname, port, path, signed } = signedStart(target);
  const url = `${protocol}//${hostname}${port === '' ? '' : `:${port}`}${path}`;

  const ask = async (payload: unknown): Promise<number> => {
    const { body, headers } = signed(payload);
    // They are for `fetch` to set, as they were signed.
    const { host: _, Host: __, 'Content-Length': ___, ...rest } = headers;
    const signal = AbortSignal.timeout(ANSWERS_IN_MS);
    const answer = await fetch(url, { method: 'POST', headers: rest, body, signal });
    await answer.arrayBuffer();
    return answer.status;
  };

  return async (payload) => {
    let cause: unknown;
    for (let tried = 0; tried < TRIES; tried++) {
      if (tried > 0) await sleep(Math.random() * pauseMs * 2 ** tried);
      const status = await ask(payload).catch((error: unknown) => {
        cause = error;
      });
      if (status === TAKEN) return;
      if (status !== undefined) cause = new Error(`Lambda answered ${status}`);
      if (status !== undefined && status < 500 && status !== THROTTLED) break;
    }
    throw new InvokeFailed(target.functionName, { cause });
  };
}
