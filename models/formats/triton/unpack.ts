import { ModelFileRefused } from '../../errors.ts';
import type { ModelFile } from '../format.ts';
import { recognises } from '../onnx/recognise.ts';
import { isOnnxRuntime, onnxRuntimeOnly } from './backends.ts';
import { isTar } from './tar.ts';
import type { TritonConfig } from './triton-config.ts';
import { readRepository } from './triton-repository.ts';

/** A model file, what lies beside it, and what its repository says of it. */
export interface Unpacked {
  readonly file: ModelFile;
  readonly siblings: readonly ModelFile[];
  readonly config?: TritonConfig;
}

/**
 * The ONNX model of a Triton repository in a tar archive, as if it had been dropped itself with what lies beside it; any
 * other file as it is.
 * @throws ModelFileRefused for a repository of another backend, saying what helps
 */
export function unpack(file: ModelFile, siblings: readonly ModelFile[]): Unpacked {
  if (!isTar(file.bytes)) return { file, siblings };
  const { model, siblings: inside, config } = readRepository(file);
  const other = otherBackend(model, config);
  if (other !== undefined) throw new ModelFileRefused({ where: file.name, rule: onnxRuntimeOnly(other) });
  return {
    file: model,
    siblings: inside.map(({ name, bytes }) => ({ name: fileOf(name), bytes })),
    ...(config && { config }),
  };
}

/** Where no backend is stated, Triton goes by the file. */
function otherBackend({ name, bytes }: ModelFile, config: TritonConfig | undefined): string | undefined {
  if (config?.platform !== undefined) return isOnnxRuntime(config.platform) ? undefined : config.platform;
  return recognises(bytes) ? undefined : fileOf(name);
}

const fileOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
