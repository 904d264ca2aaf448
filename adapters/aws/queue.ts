import type { AwsSession } from '../store/aws-session.ts';
import { jsonCall } from './json-call.ts';

export interface QueueOptions {
  readonly session: AwsSession;
  /** The queue's URL. */
  readonly url: string;
}

/** Puts a message into a queue of SQS, to be seen after so many seconds, 900 at most. @throws AwsRefused */
export function sendLater({ session, url }: QueueOptions): (message: object, seconds: number) => Promise<void> {
  const call = jsonCall({ session, service: 'sqs', target: 'AmazonSQS', version: '1.0' });
  return (message, seconds) =>
    call<void>('SendMessage', { QueueUrl: url, MessageBody: JSON.stringify(message), DelaySeconds: seconds });
}
