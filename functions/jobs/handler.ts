import type { Context } from 'aws-lambda';
import * as Type from 'typebox';
import { readJob } from '../../adapters/registry/prediction-jobs.ts';
import { isHeld } from '../../models/prediction-job.ts';
import { checker } from '../../models/schema.ts';
import type { HttpHandler } from '../http/handler.ts';
import { framesOf, type Log } from '../http/log.ts';
import { observing } from '../http/observing.ts';
import type { Tidings } from './tidings.ts';
import { type WorkPorts, work } from './work.ts';

export interface JobPorts extends Omit<WorkPorts, 'predict' | 'tidings'> {
  /** The predict function. */
  readonly predict: HttpHandler;
  /** Where somebody tells of answers: no job is looked at before, and one that waits is done with until then. */
  readonly tidings?: Tidings;
  readonly log: Log;
}

/** @throws JobNotDone, TypeError */
export type JobsHandler = (request: unknown, context: Context) => Promise<void>;

/** The job is not at its end. Whoever started the function does so again: Lambda twice, after a minute and after two more. */
export class JobNotDone extends Error {
  override readonly name = 'JobNotDone';
}

const asksJob = checker(Type.Object({ job: Type.String({ pattern: '^[0-9a-f]{32}$' }) }));
const tellsAnswer = checker(Type.Object({ answer: Type.String({ minLength: 1 }) }));

/** Predicts what nobody waits for, one take of one job a call. */
export function jobsFunction(ports: JobPorts): JobsHandler {
  return async (request, context) => {
    const job = await jobIn(request, ports.tidings);
    if ((await isDone(ports, job, context)) || (await isWaiting(ports, job))) return;
    throw new JobNotDone(`job ${job} is not at its end`);
  };
}

/** @throws TypeError, JobNotDone of an answer that nobody is known to have asked for, perhaps not yet */
async function jobIn(request: unknown, tidings: Tidings | undefined): Promise<string> {
  const asked = asksJob(request, 'request');
  if (asked.ok) return asked.value.job;
  const told = tellsAnswer(request, 'request');
  // It ends among the dead letters, for a person to see.
  if (!told.ok || tidings === undefined) throw new TypeError('the request must be {"job": id}');
  const job = await tidings.jobOf(told.value.answer);
  if (job === undefined) throw new JobNotDone(`no job is known to wait for ${told.value.answer}`);
  return job;
}

/** Whether somebody will tell when there is more to do. An answer that came while a take held the job is told of once more. */
async function isWaiting({ registry, tidings, now }: JobPorts, id: string): Promise<boolean> {
  if (tidings === undefined) return false;
  const job = await readJob(registry, id);
  return job?.asked !== undefined && !isHeld(job, now());
}

/** What goes wrong is logged here, by allow-list: Lambda would log its words. */
async function isDone({ predict, log, ...ports }: JobPorts, job: string, context: Context): Promise<boolean> {
  try {
    return await work({ ...ports, predict: (event) => predict(event, hurried(context)) }, job);
  } catch (error) {
    observing(() => log.error('job failed', { job, error: (error as Error).name, frames: framesOf(error) }));
    return false;
  }
}

/** Left to keep what was predicted, of what this function may take. */
const KEEP_MS = 5_000;

const hurried = (context: Context): Context => ({
  ...context,
  getRemainingTimeInMillis: () => Math.max(0, context.getRemainingTimeInMillis() - KEEP_MS),
});
