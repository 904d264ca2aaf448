import { MalformedRequest } from '../../../models/errors.ts';
import type { Manifest } from '../../../models/manifest.ts';
import { type Call, parseJsonBytes } from '../call.ts';
import { mediaType } from '../media-type.ts';
import { exchangeCsv } from './csv.ts';
import type { Decode, Exchange } from './exchange.ts';
import { exchangeLibsvm } from './libsvm.ts';
import { exchangeMlflow } from './mlflow.ts';
import { exchangeV1 } from './v1.ts';
import { decodeV2, exchangeV2, HEADER_LENGTH } from './v2.ts';

const TRITON_BINARY = 'application/vnd.sagemaker-triton.binary+json';

/** SageMaker's InvokeEndpoint: a v2, V1 or MLflow body told apart by its keys, CSV, or LIBSVM rows. */
export const decodeSagemaker: Decode = (call, manifest) => {
  refuseOtherTarget(call, manifest);
  const exchange = read(call, manifest);
  return {
    ...exchange,
    encode(outcome) {
      const answer = exchange.encode(outcome);
      return { ...answer, headers: { ...answer.headers, 'x-amzn-invoked-production-variant': 'AllTraffic' } };
    },
  };
};

function read(call: Call, manifest: Manifest): Exchange {
  switch (mediaType(call)) {
    case 'text/csv':
      return exchangeCsv(call, manifest);
    case 'text/libsvm':
    case 'text/x-libsvm':
      return exchangeLibsvm(call, manifest);
    case TRITON_BINARY:
      return tritonBinary(call, manifest);
    default:
      return call.headers[HEADER_LENGTH] === undefined ? byKeys(call, manifest) : decodeV2(call, manifest);
  }
}

function byKeys(call: Call, manifest: Manifest): Exchange {
  const value = parseJsonBytes(call.body());
  if (value === null || typeof value !== 'object') {
    throw new MalformedRequest({ where: 'body', rule: 'must be an object', found: value });
  }
  if ('dataframe_split' in value || 'dataframe_records' in value) return exchangeMlflow(manifest, value);
  if ('inputs' in value && isTensorList(value.inputs))
    return exchangeV2(manifest, value, { requestId: call.requestId });
  return exchangeV1(manifest, value);
}

/** v2 brings tensors, objects that state their datatype; MLflow and V1 bring rows or columns. */
const isTensorList = (inputs: unknown): boolean =>
  Array.isArray(inputs) && inputs[0] !== null && typeof inputs[0] === 'object' && 'datatype' in inputs[0];

/** SageMaker's own announcement of binary tensors, as headers of the protocol don't pass InvokeEndpoint. */
function tritonBinary(call: Call, manifest: Manifest): Exchange {
  const body = call.body();
  const [, digits] = /json-header-size=(\d{1,10})\s*(;|$)/.exec(call.headers['content-type'] ?? '') ?? [];
  const length = Number(digits);
  if (digits === undefined || length > body.length) {
    throw new MalformedRequest({
      where: 'header Content-Type',
      rule: `must state json-header-size, at most the body's ${body.length} bytes`,
      found: call.headers['content-type'],
    });
  }
  return exchangeV2(manifest, parseJsonBytes(body.subarray(0, length)), {
    requestId: call.requestId,
    binary: body.subarray(length),
    announce: (jsonBytes) => ({ 'content-type': `${TRITON_BINARY};json-header-size=${jsonBytes}` }),
  });
}

function refuseOtherTarget({ headers }: Call, { model }: Manifest): void {
  const target = headers['x-amzn-sagemaker-target-model'];
  if (target === undefined || target === model || target === `${model}.tar.gz`) return;
  throw new MalformedRequest({
    where: 'header X-Amzn-SageMaker-Target-Model',
    rule: `must be absent or ${JSON.stringify(model)}: here, every model is an endpoint of its own`,
    found: target,
  });
}
