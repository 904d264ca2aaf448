import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { ModelFileRefused } from '../../errors.ts';
import type { ModelFile } from '../format.ts';
import { type GraphProto, type ModelProto, ModelProtoSchema } from './onnx_pb.js';

/** A model that has a graph. */
export type OnnxFile = ModelProto & { graph: GraphProto };

/** @throws ModelFileRefused where the bytes are damaged, or hold no graph */
export function decode({ name, bytes }: ModelFile): OnnxFile {
  const model = parse(name, bytes);
  if (model.graph === undefined) throw new ModelFileRefused({ where: name, rule: 'must hold a graph' });
  return model as OnnxFile;
}

function parse(name: string, bytes: Uint8Array): ModelProto {
  try {
    return fromBinary(ModelProtoSchema, bytes);
  } catch (cause) {
    const rule = 'is an ONNX model that is damaged or cut off; export it again, and copy it whole';
    throw new ModelFileRefused({ where: name, rule }, { cause });
  }
}

/** The bytes of a model as it was understood here. Fields that are not in our schema stay as they were. */
export const encode = (model: ModelProto): Uint8Array => toBinary(ModelProtoSchema, model);
