import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { endpointIn } from '../../adapters/endpoint/endpoint-port.ts';
import { leanStart } from '../../adapters/lambda/lean-start.ts';
import { countLines } from '../../adapters/meter/count-lines.ts';
import { memoryCounter } from '../../adapters/meter/counter.ts';
import { emfMeter } from '../../adapters/meter/emf.ts';
import { memoryMeter } from '../../adapters/meter/memory.ts';
import { openInRuntime } from '../../adapters/onnx/runtime.ts';
import { freshView } from '../../adapters/registry/fresh.ts';
import { awsSession } from '../../adapters/store/aws-session.ts';
import { s3Reader } from '../../adapters/store/s3-reader.ts';
import type { Channel } from '../../models/channel.ts';
import { readEnvironment } from '../http/environment.ts';
import { powertoolsLog } from '../http/log.ts';
import { predictFunction } from './handler.ts';
import { loadFrom } from './load.ts';
import { modelCache } from './model-cache.ts';
import { shadowFunction } from './shadow.ts';
import { isShadowEvent } from './shadow-copy.ts';

const environment = readEnvironment('predict', process.env);
const session = awsSession(process.env);
const registry = s3Reader({ bucket: environment.MODELDROP_REGISTRY_BUCKET, session });
const now = Date.now;
const meter = emfMeter(memoryMeter(now), {
  namespace: 'Modeldrop',
  write: (line) => process.stdout.write(line),
  now,
});
const counter = memoryCounter();
const lines = countLines(counter, { write: (line) => process.stdout.write(line), now });
process.once('SIGTERM', () => {
  meter.flush();
  lines.flush();
});

/** Of the sandbox's memory; the rest is for the code and for the rows of a request. */
const CACHE_SHARE = 0.5;
const MEGABYTE = 1024 * 1024;
const memory = Number(process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE ?? 1024) * MEGABYTE;

const models = modelCache({
  load: loadFrom(registry, openInRuntime(), endpointIn(process.env)),
  maxBytes: CACHE_SHARE * memory,
});
const startSelf = leanStart({
  session: { ...session, endpoint: process.env.AWS_ENDPOINT_URL_LAMBDA || process.env.AWS_ENDPOINT_URL || undefined },
  functionName: process.env.AWS_LAMBDA_FUNCTION_NAME ?? '',
});
const answer = predictFunction({
  channels: freshView<Channel>({ store: registry, now }),
  models,
  meter,
  counter,
  shadow: (copy) => startSelf({ shadow: copy }),
  log: powertoolsLog('predict'),
  draw: Math.random,
});
const shadow = shadowFunction({ models, counter });

/** Requests of the gateway, and copies of them that this function sends itself. */
export const handler = async (
  event: APIGatewayProxyEvent,
  context: Context,
): Promise<APIGatewayProxyResult | undefined> => {
  lines.begin();
  if (!isShadowEvent(event)) return answer(event, context);
  await shadow(event.shadow);
  return undefined;
};
