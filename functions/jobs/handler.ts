import type { Context } from 'aws-lambda';
import * as Type from 'typebox';
import { checker } from '../../models/schema.ts';
import type { HttpHandler } from '../http/handler.ts';
import { framesOf, type Log } from '../http/log.ts';
import { observing } from '../http/observing.ts';
import { type WorkPorts, work } from './work.ts';

export interface JobPorts extends Omit<WorkPorts, 'predict'> {
  /** The predict function. */
  readonly predict: HttpHandler;
  readonly log: Log;
}

/** @throws JobNotDone, TypeError */
export type JobsHandler = (request: unknown, context: Context) => Promise<void>;

/** The job is not at its end. Whoever started the function does so again: Lambda twice, after a minute and after two more. */
export class JobNotDone extends Error {
  override readonly name = 'JobNotDone';
}

const check = checker(Type.Object({ job: Type.String({ pattern: '^[0-9a-f]{32}$' }) }));

/** Predicts what nobody waits for, one take of one job a call. */
export function jobsFunction(ports: JobPorts): JobsHandler {
  return async (request, context) => {
    const verdict = check(request, 'request');
    // It ends among the dead letters, for a person to see.
    if (!verdict.ok) throw new TypeError('the request must be {"job": id}');
    const { job } = verdict.value;
    if (!(await isDone(ports, job, context))) throw new JobNotDone(`job ${job} is not at its end`);
  };
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
