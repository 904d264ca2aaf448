import { tarGz } from '../archive/tar-gz.ts';

export interface Repository {
  /** The model's name in it. */
  readonly name: string;
  readonly config: string;
  readonly onnx: Uint8Array;
}

/** A Triton repository of one model as the archive that SageMaker takes: of the same model the same bytes, whoever packs it. */
export const tritonArtifact = ({ name, config, onnx }: Repository): Promise<Uint8Array> =>
  tarGz([
    { name: `${name}/config.pbtxt`, bytes: new TextEncoder().encode(config) },
    { name: `${name}/1/model.onnx`, bytes: onnx },
  ]);
