import type { Agent, RequestOptions } from 'node:http';
import https from 'node:https';
import { type StartTarget, signedStart } from './signed-start.ts';

export interface LeanStartOptions extends StartTarget {
  /** Requests that may be under way at once. */
  readonly atOnce?: number;
}

/** Of silence, the connecting included. */
const SILENT_FOR_MS = 5_000;

/**
 * Has a function run without waiting even for Lambda's word that it will: what is lost on the way is lost. Without the
 * SDK, for a function that must start quickly. Over a kept connection the bytes leave before the call returns, so that
 * a freeze at the caller's answer does not hold them.
 * @returns whether it was sent; false where too many are under way
 */
export function leanStart({ atOnce = 16, ...target }: LeanStartOptions): (payload: unknown) => boolean {
  const { protocol, hostname, port, path, signed } = signedStart(target);
  const transport = protocol === 'http:' ? process.getBuiltinModule('node:http') : https;
  const agent: Agent = new transport.Agent({ keepAlive: true });
  let underWay = 0;

  return (payload) => {
    if (underWay >= atOnce) return false;
    const { body, headers } = signed(payload);
    const options: RequestOptions = { hostname, port, path, method: 'POST', agent, timeout: SILENT_FOR_MS };
    const asked = transport.request({ ...options, headers }, (answer) => {
      answer.resume();
    });
    underWay += 1;
    asked.once('close', () => {
      underWay -= 1;
    });
    asked.once('timeout', () => asked.destroy());
    asked.once('error', lost);
    asked.end(body);
    return true;
  };
}

/** Nobody waits for it. */
const lost = (): void => {};
