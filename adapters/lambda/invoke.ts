import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { InvokeFailed } from './failures.ts';

export interface LambdaCall {
  readonly client: LambdaClient;
  readonly functionName: string;
}

/** The function answered with what its own code could not catch: its time or its memory was up. */
export interface Killed {
  readonly killed: string;
}

/** Time, memory, and the process gone: what Lambda reports where a function's code had no say. */
const ENDED =
  /Task timed out|Runtime\.ExitError|Runtime\.OutOfMemory|signal: killed|RequestId: \S+ Error: Runtime exited/;

/**
 * Calls a function and waits for its answer.
 * @returns its answer, or `killed` where Lambda ended it
 * @throws InvokeFailed where it could not be run, or failed in a way that may pass
 */
export const invokeLambda =
  ({ client, functionName }: LambdaCall) =>
  async <Answer>(request: unknown): Promise<Answer | Killed> => {
    const { FunctionError, Payload } = await client
      .send(new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(request) }))
      .catch((cause) => {
        throw new InvokeFailed(functionName, { cause });
      });
    const text = new TextDecoder().decode(Payload);
    if (FunctionError === undefined) return JSON.parse(text) as Answer;
    if (ENDED.test(text)) return { killed: text };
    throw new InvokeFailed(functionName, { cause: new Error(text.slice(0, 500)) });
  };

/**
 * Has a function run, without waiting for its answer. Lambda keeps the request, and tries it again where it fails.
 * @throws InvokeFailed where Lambda did not take it
 */
export const startLambda =
  ({ client, functionName }: LambdaCall) =>
  async (request: unknown): Promise<void> => {
    const Payload = JSON.stringify(request);
    await client
      .send(new InvokeCommand({ FunctionName: functionName, InvocationType: 'Event', Payload }))
      .catch((cause) => {
        throw new InvokeFailed(functionName, { cause });
      });
  };
