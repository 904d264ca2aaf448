import { LambdaClient } from '@aws-sdk/client-lambda';
import type { APIGatewayProxyResult } from 'aws-lambda';
import { invokeLambda } from '../../adapters/lambda/invoke.ts';
import { s3Store } from '../../adapters/store/s3.ts';
import { s3Client } from '../../adapters/store/s3-client.ts';
import { readEnvironment } from '../http/environment.ts';
import { powertoolsLog } from '../http/log.ts';
import { jobsFunction } from './handler.ts';

const environment = readEnvironment('jobs', process.env);
const invoke = invokeLambda({ client: new LambdaClient(), functionName: environment.MODELDROP_PREDICT_FUNCTION });

/** Longer than this function may run: whoever holds a job then is no more. */
const LEASE_MS = 60_000;

export const handler = jobsFunction({
  registry: s3Store({ bucket: environment.MODELDROP_REGISTRY_BUCKET, client: s3Client() }),
  async predict(event) {
    const answer = await invoke<APIGatewayProxyResult>(event);
    if ('killed' in answer) throw new Error('the prediction was ended by Lambda');
    return answer;
  },
  leaseMs: LEASE_MS,
  now: Date.now,
  log: powertoolsLog('jobs'),
});
