import { TRITON_BINARY } from '../../../adapters/endpoint/triton-wire.ts';
import type { Answer } from '../../../functions/http/answer.ts';
import { parseJsonBytes } from '../../../functions/http/call.ts';
import { exchangeV2 } from '../../../functions/http/dialects/v2.ts';
import { ModeldropError } from '../../../models/errors.ts';
import type { Manifest } from '../../../models/manifest.ts';
import { conform, type Signature } from '../../../models/signature.ts';
import type { Run } from './batcher.ts';
import { modelError, type RuntimeError } from './runtime-error.ts';

/** A model of a Triton container: its name there, what it takes and answers, and how it is run. */
export interface TritonModel {
  readonly name: string;
  readonly signature: Signature;
  readonly run: Run;
}

export interface TritonCall {
  readonly contentType: string;
  readonly body: Uint8Array;
}

/** What Triton behind SageMaker answers to one call, as JSON or with binary tensors; or the error that it makes of it. */
export async function answerAsTriton(
  { name, signature, run }: TritonModel,
  { contentType, body }: TritonCall,
): Promise<Answer | RuntimeError> {
  try {
    const { json, binary } = partsOf(contentType, body);
    const known = { model: name, version: 1, signature } as Manifest;
    const exchange = exchangeV2(known, parseJsonBytes(json), {
      requestId: '',
      ...(binary && { binary }),
      announce: (bytes) => ({ 'content-type': `${TRITON_BINARY};json-header-size=${bytes}` }),
    });
    const outputs = await run(conform(signature, exchange.inputs));
    return exchange.encode({ outputs, outside: [] });
  } catch (error) {
    if (error instanceof ModeldropError && error.status < 500) return modelError(400, error.message);
    return modelError(500, (error as Error).message);
  }
}

function partsOf(contentType: string, body: Uint8Array): { json: Uint8Array; binary?: Uint8Array } {
  const length = /json-header-size=(\d{1,10})/.exec(contentType)?.[1];
  if (length === undefined) return { json: body };
  return { json: body.subarray(0, Number(length)), binary: body.subarray(Number(length)) };
}
