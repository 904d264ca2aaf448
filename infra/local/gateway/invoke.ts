import type {
  APIGatewayAuthorizerResult,
  APIGatewayProxyEvent,
  APIGatewayProxyResult,
  APIGatewayRequestAuthorizerEvent,
  Context,
} from 'aws-lambda';
import { AnswerTooLate } from './errors.ts';
import { lambdaContext } from './lambda-context.ts';

/** A function behind the gateway, as Lambda calls it. */
export type ProxyFunction = (event: APIGatewayProxyEvent, context: Context) => Promise<APIGatewayProxyResult>;

/** Who may call. Throws `Error('Unauthorized')` for a caller that it does not know. */
export type Authorizer = (
  event: APIGatewayRequestAuthorizerEvent,
  context: Context,
) => Promise<APIGatewayAuthorizerResult>;

/**
 * Calls a function with a context and a deadline, as Lambda does.
 *
 * @throws AnswerTooLate, and what the function throws
 */
export function invoke<Event, Result>(
  name: string,
  handler: (event: Event, context: Context) => Promise<Result>,
  event: Event,
  { requestId, timeoutMs }: { readonly requestId: string; readonly timeoutMs: number },
): Promise<Result> {
  const context = lambdaContext(name, requestId, performance.now() + timeoutMs);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new AnswerTooLate(name, timeoutMs)), timeoutMs);
    const settle =
      <T>(done: (value: T) => void) =>
      (value: T): void => {
        clearTimeout(timer);
        done(value);
      };
    started(handler, event, context).then(settle(resolve), settle(reject));
  });
}

/** A function that throws before its first await fails like any other. */
const started = async <Event, Result>(
  handler: (event: Event, context: Context) => Promise<Result>,
  event: Event,
  context: Context,
): Promise<Result> => handler(event, context);
