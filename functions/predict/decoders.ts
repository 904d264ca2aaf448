import type { Decode } from '../http/dialects/exchange.ts';
import { decodeMlflow } from '../http/dialects/mlflow.ts';
import { decodeSagemaker } from '../http/dialects/sagemaker.ts';
import { decodeV1, decodeV1Explain } from '../http/dialects/v1.ts';
import { decodeV2 } from '../http/dialects/v2.ts';

/** How each operation that predicts reads its request. */
export const decoders: Readonly<Record<string, Decode>> = {
  inferV2: decodeV2,
  predictV1: decodeV1,
  explainV1: decodeV1Explain,
  scoreMlflow: decodeMlflow,
  invokeSagemaker: decodeSagemaker,
};
