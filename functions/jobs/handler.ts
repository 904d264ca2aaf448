import type { APIGatewayProxyEvent, APIGatewayProxyResult, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import * as Type from 'typebox';
import type { Store } from '../../adapters/store/store.ts';
import { checker } from '../../models/schema.ts';
import { framesOf, type Log } from '../http/log.ts';
import { observing } from '../http/observing.ts';
import { work } from './work.ts';

export interface JobPorts {
  readonly registry: Store;
  /** The predict function: the answer of a caller that waits. @throws where it did not run, or was ended */
  readonly predict: (event: APIGatewayProxyEvent) => Promise<APIGatewayProxyResult>;
  /** How long a take may last before another one may begin. Longer than any prediction. */
  readonly leaseMs: number;
  /** Wall-clock milliseconds. */
  readonly now: () => number;
  readonly log: Log;
}

export type JobsHandler = (event: SQSEvent) => Promise<SQSBatchResponse>;

/** Predicts what nobody waits for. A message whose job is not at its end comes again. */
export function jobsFunction(ports: JobPorts): JobsHandler {
  return async ({ Records }) => {
    const batchItemFailures: { itemIdentifier: string }[] = [];
    for (const record of Records) {
      if (!(await isDone(ports, record))) batchItemFailures.push({ itemIdentifier: record.messageId });
    }
    return { batchItemFailures };
  };
}

async function isDone(ports: JobPorts, record: SQSRecord): Promise<boolean> {
  try {
    return await work(ports, idOf(record));
  } catch (error) {
    const line = { error: (error as Error).name, frames: framesOf(error) };
    observing(() => ports.log.error('job failed', line));
    return false;
  }
}

const check = checker(Type.Object({ job: Type.String({ pattern: '^[0-9a-f]{32}$' }) }));

/** @throws SyntaxError, TypeError for a message that is not ours: it ends in the dead-letter queue, for a person to see */
function idOf({ body }: SQSRecord): string {
  const verdict = check(JSON.parse(body), 'message');
  if (!verdict.ok) throw new TypeError('a message must be {"job": id}');
  return verdict.value.job;
}
