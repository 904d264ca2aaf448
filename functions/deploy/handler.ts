import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { framesOf } from '../http/log.ts';
import { observing } from '../http/observing.ts';
import type { DropPorts } from './drop.ts';
import { heed } from './heed.ts';
import { messageIn } from './message.ts';

export type DeployPorts = DropPorts;
export type DeployHandler = (event: SQSEvent, context?: Context) => Promise<SQSBatchResponse>;

/** From objects in the inbox to models in service. A message that failed comes again; three times, and it is a dead letter. */
export function deployFunction(ports: DeployPorts): DeployHandler {
  return async ({ Records }) => {
    const batchItemFailures: { itemIdentifier: string }[] = [];
    for (const record of Records) {
      try {
        await heed(ports, messageIn(record));
      } catch (error) {
        const line = { error: (error as Error).name, frames: framesOf(error) };
        observing(() => ports.log.error('drop failed', line));
        batchItemFailures.push({ itemIdentifier: record.messageId });
      }
    }
    return { batchItemFailures };
  };
}
