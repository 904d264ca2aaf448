import { setTimeout as sleep } from 'node:timers/promises';
import { build } from '../../../examples/linear-regression/example.ts';
import { ApiError } from '../../client/api-error.ts';
import type { Connection } from '../../client/call.ts';
import { type Client, client } from '../../client/client.ts';
import { Unreachable } from '../../client/unreachable.ts';
import type { UploadFile } from '../../client/upload.ts';
import { deliver } from '../delivery.ts';
import type { Attendance } from '../follow-drop.ts';

/** What a deployed platform answered. */
export interface Proof {
  readonly ready: true;
  /** Absent where no key was there to ask with. */
  readonly models?: readonly string[];
  /** Of the example, if it was asked for. */
  readonly prediction?: unknown;
}

export interface SmokeOptions extends Attendance {
  readonly url: string;
  readonly key: string | undefined;
  /** Whether to push the bundled example if it is not there, and to predict with it. */
  readonly example: boolean;
  /** How long a new address may take to answer. */
  readonly patienceMs?: number;
}

const EXAMPLE = 'linear-regression';
/** A new API is known everywhere within a minute. */
const PATIENCE_MS = 60_000;

/** Asks a platform through its real address, as any caller does. @throws ApiError, Unreachable, Failure */
export async function smoke({
  url,
  key,
  example,
  patienceMs = PATIENCE_MS,
  ...attendance
}: SmokeOptions): Promise<Proof> {
  const connection: Connection = { url, key: key ?? '' };
  const api = client(connection);
  const persist = <T>(question: () => Promise<T>) => persistently(question, { ...attendance, patienceMs });
  attendance.progress.say(`asking ${url}`);
  await persist(() => api.ready());
  if (key === undefined) return { ready: true };
  const models = (await persist(() => api.models())).map(({ name }) => name);
  if (!example) return { ready: true, models };
  if (!models.includes(EXAMPLE)) await pushExample(api, attendance);
  const { predictions } = await persist(() => api.predict(EXAMPLE, [{ x: 0.5 }]));
  return { ready: true, models: [...new Set([...models, EXAMPLE])], prediction: predictions[0] };
}

async function pushExample(api: Client, attendance: Attendance): Promise<void> {
  const files = (await build()).files.map(({ name, bytes }) => ({ name, bytes: new Uint8Array(bytes) }));
  const [file, ...companions] = files as [UploadFile, ...UploadFile[]];
  await deliver(api, EXAMPLE, { file, companions }, attendance);
}

async function persistently<T>(
  question: () => Promise<T>,
  { signal, patienceMs }: { readonly signal: AbortSignal; readonly patienceMs: number },
): Promise<T> {
  const until = performance.now() + patienceMs;
  for (;;) {
    try {
      return await question();
    } catch (error) {
      if (!isPassing(error) || performance.now() > until) throw error;
    }
    await sleep(1_000, undefined, { signal });
  }
}

/** A gateway that does not know its new API yet answers 403 or 404. */
const isPassing = (error: unknown): boolean =>
  error instanceof Unreachable ||
  (error instanceof ApiError && (error.status >= 500 || [403, 404].includes(error.status)));
