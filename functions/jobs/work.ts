import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type { AsyncTurn } from '../../adapters/endpoint/async-turn.ts';
import { inTurn } from '../../adapters/endpoint/async-turn.ts';
import {
  forgetResult,
  forgetWork,
  keepResult,
  moveJob,
  readJob,
  readRequest,
} from '../../adapters/registry/prediction-jobs.ts';
import type { Store } from '../../adapters/store/store.ts';
import {
  type Asked,
  hasEnded,
  isAwaited,
  isHeld,
  type JobOutcome,
  type PredictionJob,
  settle,
  take,
  wait,
} from '../../models/prediction-job.ts';
import { eventOfJob } from '../http/jobs.ts';
import { holding } from './holding.ts';
import type { Tidings } from './tidings.ts';

export interface WorkPorts {
  readonly registry: Store;
  /** Answers as a caller who waits is answered. @throws where the prediction broke off */
  readonly predict: (event: APIGatewayProxyEvent) => Promise<APIGatewayProxyResult>;
  /** Holds what asynchronous endpoints are asked and answer, where there are any. */
  readonly answers?: Pick<Store, 'read' | 'list' | 'discard'>;
  /** Is told whose answer will lie where, before anybody can miss it. */
  readonly tidings?: Pick<Tidings, 'note'>;
  /** After which another take may begin where this one has died: while it lives, it is put off. */
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
  const before = await readJob(registry, id);
  if (before && isAwaited(before, at) && !(await isAnswered(ports, before.asked))) return false;
  const job = await moveJob(registry, id, (current) => {
    seen.mine = !hasEnded(current) && !isHeld(current, at);
    return seen.mine ? take(current, at, leaseMs) : undefined;
  });
  // A job is written before anybody is told of it: this one has been swept away.
  if (job === undefined) return true;
  if (hasEnded(job)) return forget(ports, job);
  return seen.mine && holding(ports, job, () => (job.asked ? look(ports, job, job.asked) : predict(ports, job)));
}

/** What a job that has ended needs no more goes. @returns that it is at its end */
async function forget(ports: WorkPorts, job: PredictionJob): Promise<true> {
  await forgetWork(job, ports.registry);
  await takeBack(ports, [job.asked]);
  return true;
}

/** What endpoints were asked, and have answered, goes, but not what is still waited for. */
async function takeBack({ answers }: WorkPorts, calls: readonly (Asked | undefined)[], awaited?: Asked): Promise<void> {
  for (const call of calls) {
    if (call === undefined || call.input === awaited?.input) continue;
    for (const key of [call.input, call.output, call.failure]) await answers?.discard(key);
  }
}

/** Whether there is anything to take the job for. One look each time: nobody waits here. */
async function isAnswered({ answers }: WorkPorts, asked: Asked | undefined): Promise<boolean> {
  if (answers === undefined || asked === undefined) return true;
  const found = await Promise.all([asked.output, asked.failure].map((key) => answers.list(key)));
  return found.flat().length > 0;
}

/** Takes what came of the call of an endpoint. */
async function look(ports: WorkPorts, job: PredictionJob, asked: Asked): Promise<boolean> {
  const output = await ports.answers?.read(asked.output);
  if (output) return predict(ports, job, { endpoint: asked.endpoint, body: output.bytes });
  const failure = await ports.answers?.read(asked.failure);
  if (failure) return end(ports, job, { error: refusedBy(failure.bytes), passing: false });
  return putAside(ports, job, asked);
}

/** Characters of an endpoint's own words. */
const MOST_WORDS = 300;

const refusedBy = (bytes: Uint8Array): string =>
  `the model's endpoint gave no answer to this input: ${new TextDecoder().decode(bytes.subarray(0, MOST_WORDS))}`;

async function predict(ports: WorkPorts, job: PredictionJob, answer?: AsyncTurn['answer']): Promise<boolean> {
  const { registry } = ports;
  const body = await readRequest(registry, job);
  const turn: AsyncTurn = answer ? { answer } : {};
  const outcome = body === undefined ? LOST : await inTurn(turn, () => outcomeOf(ports, job, body));
  return turn.asked ? putAside(ports, job, turn.asked) : end(ports, job, outcome);
}

/** Lets go of a job that an endpoint works on. Where it is no more this take's, nobody waits for what was asked. */
async function putAside(ports: WorkPorts, job: PredictionJob, asked: Asked): Promise<boolean> {
  const { registry, tidings, now } = ports;
  await tidings?.note(job.id, asked);
  const moved = await moveJob(registry, job.id, (current) => wait(current, job.takes, asked, now()));
  await takeBack(ports, [job.asked, asked], moved?.asked);
  return false;
}

async function end(ports: WorkPorts, job: PredictionJob, outcome: JobOutcome): Promise<boolean> {
  const { registry, now } = ports;
  const settled = await moveJob(registry, job.id, (current) => settle(current, job.takes, outcome, now()));
  if (settled?.result?.take !== job.takes) await forgetResult(job, registry);
  await takeBack(ports, [job.asked], settled?.asked);
  if (settled !== undefined && !hasEnded(settled)) return false;
  return forget(ports, settled ?? job);
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
const KEPT =
  /^(content-type|inference-header-content-length|x-modeldrop-(version|channel|placement|stale|answered-by))$/;

const headersOf = ({ headers = {} }: APIGatewayProxyResult): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (KEPT.test(name) ? [[name, String(value)]] : [])),
  );
