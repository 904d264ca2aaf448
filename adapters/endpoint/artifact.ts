import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { packTar } from 'modern-tar';

export interface Repository {
  /** The model's name in it. */
  readonly name: string;
  readonly config: string;
  readonly onnx: Uint8Array;
}

const compressed = promisify(gzip);
/** Where gzip says on which system it ran; 255 is none. */
const SYSTEM_BYTE = 9;
const LONG_AGO = new Date(0);

/** A Triton repository of one model as the archive that SageMaker takes: of the same model the same bytes, whoever packs it. */
export async function tritonArtifact({ name, config, onnx }: Repository): Promise<Uint8Array> {
  const file = (path: string, body: Uint8Array) => ({
    header: { name: `${name}/${path}`, size: body.length, type: 'file' as const, mode: 0o644, mtime: LONG_AGO },
    body,
  });
  const tar = await packTar([file('config.pbtxt', new TextEncoder().encode(config)), file('1/model.onnx', onnx)]);
  const archive = await compressed(tar);
  archive[SYSTEM_BYTE] = 255;
  return archive;
}
