import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import {
  forgetRequest,
  forgetResult,
  keepResult,
  moveJob,
  readRequest,
} from '../../adapters/registry/prediction-jobs.ts';
import type { Store } from '../../adapters/store/store.ts';
import { hasEnded, isHeld, type JobOutcome, type PredictionJob, settle, take } from '../../models/prediction-job.ts';
import { eventOfJob } from '../http/jobs.ts';

export interface WorkPorts {
  readonly registry: Store;
  /** Answers as a caller who waits is answered. @throws where the prediction broke off */
  readonly predict: (event: APIGatewayProxyEvent) => Promise<APIGatewayProxyResult>;
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
  if (job.state === 'running') return seen.mine && (await predict(ports, job));
  await forgetRequest(job, registry);
  return true;
}

async function predict(ports: WorkPorts, job: PredictionJob): Promise<boolean> {
  const { registry, now } = ports;
  const body = await readRequest(registry, job);
  const outcome = body === undefined ? LOST : await outcomeOf(ports, job, body);
  const settled = await moveJob(registry, job.id, (current) => settle(current, job.takes, outcome, now()));
  if (settled?.result?.take !== job.takes) await forgetResult(job, registry);
  if (settled !== undefined && !hasEnded(settled)) return false;
  await forgetRequest(job, registry);
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
