import { OPERATOR, REGION } from './cdk.ts';

/** The queues of the stand-in. */
export interface Queues {
  /** URLs of the queues whose names have this part. */
  find(part: string): Promise<string[]>;
  send(url: string, body: string): Promise<void>;
  /** Bodies of the messages that wait there now. */
  waiting(url: string): Promise<string[]>;
}

interface Answers {
  ListQueues: { readonly QueueUrls?: string[] };
  SendMessage: unknown;
  ReceiveMessage: { readonly Messages?: { readonly Body: string }[] };
}

/** SQS's JSON protocol, for the few calls that a test has for it. */
export function queues(endpoint: string): Queues {
  const call = async <Action extends keyof Answers>(action: Action, request: object): Promise<Answers[Action]> => {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `AmazonSQS.${action}`,
        // Nobody checks it, but it says which service is meant.
        authorization: `AWS4-HMAC-SHA256 Credential=${OPERATOR.accessKeyId}/20260101/${REGION}/sqs/aws4_request`,
      },
      body: JSON.stringify(request),
    });
    if (!response.ok) throw new Error(`${action}: ${response.status} ${await response.text()}`);
    return response.json() as Promise<Answers[Action]>;
  };
  return {
    async find(part) {
      const { QueueUrls = [] } = await call('ListQueues', {});
      return QueueUrls.filter((url) => url.includes(part));
    },
    async send(url, body) {
      await call('SendMessage', { QueueUrl: url, MessageBody: body });
    },
    async waiting(url) {
      const request = { QueueUrl: url, MaxNumberOfMessages: 10, VisibilityTimeout: 0, WaitTimeSeconds: 0 };
      const { Messages = [] } = await call('ReceiveMessage', request);
      return Messages.map(({ Body }) => Body);
    },
  };
}
