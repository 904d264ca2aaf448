import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import * as Type from 'typebox';
import { checker } from '../../models/schema.ts';
import { framesOf } from '../http/log.ts';
import { observing } from '../http/observing.ts';
import { type DropPorts, takeUp } from './drop.ts';

export type DeployPorts = DropPorts;
export type DeployHandler = (event: SQSEvent, context?: Context) => Promise<SQSBatchResponse>;

/** From objects in the inbox to models in service. A message that failed comes again; three times, and it is a dead letter. */
export function deployFunction(ports: DeployPorts): DeployHandler {
  return async ({ Records }) => {
    const batchItemFailures: { itemIdentifier: string }[] = [];
    for (const record of Records) {
      try {
        await takeUp(ports, keyOf(record));
      } catch (error) {
        const line = { error: (error as Error).name, frames: framesOf(error) };
        observing(() => ports.log.error('drop failed', line));
        batchItemFailures.push({ itemIdentifier: record.messageId });
      }
    }
    return { batchItemFailures };
  };
}

const check = checker(Type.Object({ detail: Type.Object({ object: Type.Object({ key: Type.String() }) }) }));

/**
 * EventBridge carries keys as they are; they are taken literally.
 * @throws SyntaxError, TypeError for a message that no bucket sent: it ends in the dead-letter queue, for a person to see
 */
function keyOf({ body }: SQSRecord): string {
  const verdict = check(JSON.parse(body), 'event');
  if (!verdict.ok) throw new TypeError('a message must be an object event of EventBridge');
  return verdict.value.detail.object.key;
}
