/** An error as SageMaker's runtime API answers it. */
export interface RuntimeError {
  readonly status: number;
  /** The error's name in the API's model, which SDKs make into their exception. */
  readonly type: string;
  readonly message: string;
  readonly more?: Readonly<Record<string, unknown>>;
}

export const validation = (message: string): RuntimeError => ({ status: 400, type: 'ValidationError', message });

/** The container's own answer, passed on: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html */
export function modelError(original: number, message: string): RuntimeError {
  const kind = original < 500 ? 'client' : 'server';
  return {
    status: 424,
    type: 'ModelError',
    message: `Received ${kind} error (${original}) from primary with message "${message}".`,
    more: {
      ErrorCode: `${kind.toUpperCase()}_ERROR_FROM_MODEL`,
      LogStreamArn: '',
      OriginalMessage: message,
      OriginalStatusCode: original,
    },
  };
}

export const notReady = (target: string): RuntimeError => ({
  status: 429,
  type: 'ModelNotReadyException',
  message: `Model ${target} is still being loaded; try again.`,
});

export const throttled: RuntimeError = { status: 400, type: 'ThrottlingException', message: 'Rate exceeded' };

export const unavailable: RuntimeError = {
  status: 503,
  type: 'ServiceUnavailable',
  message: 'The service is unavailable. Try your call again.',
};

export const internalDependency: RuntimeError = {
  status: 530,
  type: 'InternalDependencyException',
  message: 'Your request caused an exception with an internal dependency.',
};
