import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { Static } from 'typebox';
import * as Type from 'typebox';
import { readJob } from '../../adapters/registry/prediction-jobs.ts';
import type { Store } from '../../adapters/store/store.ts';
import { type JobResult, type PredictionJob, standing } from '../../models/prediction-job.ts';
import { handOver } from './body.ts';
import type { Call } from './call.ts';
import { toContext } from './caller.ts';
import { NotFound } from './errors.ts';
import { MAX_INPUT_BYTES } from './limits.ts';
import { isInSight } from './sight.ts';

/** A job as its caller sees it. */
export const ShownJob = Type.Object({
  id: Type.String(),
  model: Type.String(),
  state: Type.Unsafe<PredictionJob['state']>({
    type: 'string',
    enum: ['queued', 'running', 'succeeded', 'failed', 'cancelled'],
  }),
  createdAt: Type.String(),
  updatedAt: Type.String(),
  result: Type.Optional(
    Type.Object({
      path: Type.String(),
      bytes: Type.Integer(),
      contentType: Type.String(),
      version: Type.Integer(),
    }),
  ),
  error: Type.Optional(Type.String()),
});

export function shownJob(job: PredictionJob): Static<typeof ShownJob> {
  const { id, model, state, createdAt, updatedAt, result, error } = job;
  return {
    id,
    model,
    state,
    createdAt,
    updatedAt,
    ...(result && { result: shownResult(id, result) }),
    ...(error !== undefined && { error }),
  };
}

function shownResult(id: string, { bytes, headers }: JobResult) {
  return {
    path: `/v1/jobs/${id}/result`,
    bytes,
    contentType: headers['content-type'] ?? 'application/octet-stream',
    version: Number(headers['x-modeldrop-version']),
  };
}

const JOB_ID = /^[0-9a-f]{32}$/;

export interface JobSight {
  readonly registry: Store;
  /** Wall-clock milliseconds. */
  readonly now: () => number;
}

/** The job that a call names, of its own tenant and of a model that its key may see, as it stands. @throws NotFound */
export async function jobInSight({ registry, now }: JobSight, { params, caller }: Call): Promise<PredictionJob> {
  const id = params.job ?? '';
  const job = JOB_ID.test(id) ? await readJob(registry, id) : undefined;
  if (job === undefined || job.by.tenant !== caller?.tenant || !isInSight(job.model, caller.models)) {
    throw new NotFound('job', id);
  }
  return standing(job, now());
}

/** A job as the request that the gateway would have passed on, had its caller waited. */
export function eventOfJob({ id, model, by, request }: PredictionJob, body: Uint8Array): APIGatewayProxyEvent {
  const event = {
    httpMethod: 'POST',
    resource: '/endpoints/{model}/invocations',
    path: `/endpoints/${model}/invocations`,
    pathParameters: { model },
    headers: request.headers,
    queryStringParameters: null,
    requestContext: { requestId: id, authorizer: toContext(by) },
    body: null,
    isBase64Encoded: false,
  } as unknown as APIGatewayProxyEvent;
  handOver(event, Buffer.from(body.buffer, body.byteOffset, body.length), MAX_INPUT_BYTES);
  return event;
}
