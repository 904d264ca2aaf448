import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type { AsyncTurn } from '../../adapters/endpoint/async-turn.ts';
import { inTurn } from '../../adapters/endpoint/async-turn.ts';
import {
  forgetRequest,
  forgetResult,
  keepResult,
  moveJob,
  readRequest,
} from '../../adapters/registry/prediction-jobs.ts';
import type { Store } from '../../adapters/store/store.ts';
import {
  type Asked,
  hasEnded,
  isHeld,
  type JobOutcome,
  type PredictionJob,
  settle,
  take,
  wait,
} from '../../models/prediction-job.ts';
import { eventOfJob } from '../http/jobs.ts';
import type { Tidings } from './tidings.ts';

export interface WorkPorts {
  readonly registry: Store;
  /** Answers as a caller who waits is answered. @throws where the prediction broke off */
  readonly predict: (event: APIGatewayProxyEvent) => Promise<APIGatewayProxyResult>;
  /** Holds what asynchronous endpoints are asked and answer, where there are any. */
  readonly answers?: Pick<Store, 'read' | 'delete'>;
  /** Is told whose answer will lie where, before anybody can miss it. */
  readonly tidings?: Pick<Tidings, 'note'>;
  /** How long a take may last before another one may begin: longer than any prediction. */
  readonly leaseMs: number;
  /** Wall-clock milliseconds. */
  readonly now: () => number;
}

/**
 * One take of a job. Safe to repeat, and beside another one: a job has one holder, and one end.
 * @returns whether the job is at its end
 */
export async function work(ports: WorkPorts, id: string): Promise<boolean> {
  const { registry, leaseMs, now } = ports;
  const [at, seen] = [now(), { mine: false }];
  const job = await moveJob(registry, id, (current) => {
    seen.mine = !hasEnded(current) && !isHeld(current, at);
    return seen.mine ? take(current, at, leaseMs) : undefined;
  });
  // A job is written before anybody is told of it: this one has been swept away.
  if (job === undefined) return true;
  if (job.state === 'running')
    return seen.mine && (await (job.asked ? look(ports, job, job.asked) : predict(ports, job)));
  await forget(ports, job);
  return true;
}

async function forget({ registry, answers }: WorkPorts, job: PredictionJob): Promise<void> {
  await forgetRequest(job, registry);
  const { input, output, failure } = job.asked ?? {};
  for (const key of [input, output, failure]) {
    const stored = key === undefined ? undefined : await answers?.read(key);
    if (key !== undefined && stored !== undefined) await answers?.delete(key, stored.etag);
  }
}

/** Whether an endpoint has answered. One look each time: nobody waits here. */
async function look(ports: WorkPorts, job: PredictionJob, asked: Asked): Promise<boolean> {
  const output = await ports.answers?.read(asked.output);
  if (output) return predict(ports, job, { endpoint: asked.endpoint, body: output.bytes });
  const failure = await ports.answers?.read(asked.failure);
  if (failure) return end(ports, job, { error: refusedBy(failure.bytes), passing: false });
  await moveJob(ports.registry, job.id, (current) => wait(current, job.takes, undefined, ports.now()));
  return false;
}

/** Characters of an endpoint's own words. */
const MOST_WORDS = 300;

const refusedBy = (bytes: Uint8Array): string =>
  `the model's endpoint gave no answer to this input: ${new TextDecoder().decode(bytes.subarray(0, MOST_WORDS))}`;

async function predict(ports: WorkPorts, job: PredictionJob, answer?: AsyncTurn['answer']): Promise<boolean> {
  const { registry, now } = ports;
  const body = await readRequest(registry, job);
  const turn: AsyncTurn = answer ? { answer } : {};
  const outcome = body === undefined ? LOST : await inTurn(turn, () => outcomeOf(ports, job, body));
  const { asked } = turn;
  if (asked === undefined) return end(ports, job, outcome);
  await ports.tidings?.note(job.id, asked);
  await moveJob(registry, job.id, (current) => wait(current, job.takes, asked, now()));
  return false;
}

async function end(ports: WorkPorts, job: PredictionJob, outcome: JobOutcome): Promise<boolean> {
  const { registry, now } = ports;
  const settled = await moveJob(registry, job.id, (current) => settle(current, job.takes, outcome, now()));
  if (settled?.result?.take !== job.takes) await forgetResult(job, registry);
  if (settled !== undefined && !hasEnded(settled)) return false;
  await forget(ports, job);
  return true;
}

const LOST: JobOutcome = { error: 'the request is gone; send it again', passing: false };

async function outcomeOf({ registry, predict }: WorkPorts, job: PredictionJob, body: Uint8Array): Promise<JobOutcome> {
  const answer = await predict(eventOfJob(job, body)).catch(() => undefined);
  if (answer === undefined) return { error: 'the prediction broke off; send fewer rows', passing: true };
  const bytes = Buffer.from(answer.body, answer.isBase64Encoded ? 'base64' : 'utf8');
  if (answer.statusCode !== 200) return { error: errorIn(answer), passing: PASSING.has(answer.statusCode) };
  await keepResult(registry, job, bytes);
  return { result: { bytes: bytes.length, headers: headersOf(answer) } };
}

/** What may go better another time. */
const PASSING: ReadonlySet<number> = new Set([429, 500, 502, 503]);

/** Every dialect's error has these words. */
const errorIn = ({ body }: APIGatewayProxyResult): string => (JSON.parse(body) as { readonly error: string }).error;

/** Of the answer itself, and of who gave it: not of the connection. */
const KEPT = /^(content-type|inference-header-content-length|x-modeldrop-(version|channel|placement|stale))$/;

const headersOf = ({ headers = {} }: APIGatewayProxyResult): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (KEPT.test(name) ? [[name, String(value)]] : [])),
  );
