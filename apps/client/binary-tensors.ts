import type { Datatype } from '../../models/datatype.ts';
import type { JobRequest } from './start-job.ts';

export interface BinaryTensor {
  readonly name: string;
  readonly datatype: Exclude<Datatype, 'BYTES'>;
  readonly shape: readonly number[];
  /** Little-endian, row by row: a typed array of the datatype. */
  readonly data: ArrayBufferView;
}

/** A request of the Open Inference Protocol v2 whose tensors follow its JSON as they lie in memory. */
export function binaryTensors(tensors: readonly BinaryTensor[]): JobRequest {
  const inputs = tensors.map(({ name, datatype, shape, data }) => ({
    ...{ name, datatype, shape },
    parameters: { binary_data_size: data.byteLength },
  }));
  const head = new TextEncoder().encode(JSON.stringify({ inputs }));
  const bytes = new Uint8Array(tensors.reduce((size, { data }) => size + data.byteLength, head.length));
  bytes.set(head);
  let at = head.length;
  for (const { data } of tensors) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return {
    bytes,
    headers: {
      'content-type': 'application/octet-stream',
      'inference-header-content-length': String(head.length),
    },
  };
}
