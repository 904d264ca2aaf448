import type { Context } from 'aws-lambda';

/** What Lambda tells a function of its invocation. `deadline` is in milliseconds of `performance.now`. */
export function lambdaContext(name: string, requestId: string, deadline: number): Context {
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: name,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:local:000000000000:function:${name}`,
    memoryLimitInMB: '1769',
    awsRequestId: requestId,
    logGroupName: `/aws/lambda/${name}`,
    logStreamName: 'local',
    getRemainingTimeInMillis: () => Math.max(0, Math.round(deadline - performance.now())),
    done: unsupported,
    fail: unsupported,
    succeed: unsupported,
  };
}

const unsupported = (): never => {
  throw new Error('callbacks are gone from Lambda since Node 24: return a promise');
};
