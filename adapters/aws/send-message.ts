import type { AwsSession } from '../store/aws-session.ts';
import { jsonCall } from './json-call.ts';

export interface MessageQueue {
  readonly session: AwsSession;
  readonly url: string;
}

/** Sends a message to a queue of SQS. It is there once this resolves. @throws AwsRefused */
export function sendMessage({ session, url }: MessageQueue): (message: object) => Promise<void> {
  const call = jsonCall({ session, service: 'sqs', target: 'AmazonSQS' });
  return async (message) => {
    await call<object>('SendMessage', { QueueUrl: url, MessageBody: JSON.stringify(message) });
  };
}
