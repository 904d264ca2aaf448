import { ModelFileRefused } from '../../errors.ts';
import type { ModelFile } from '../format.ts';
import { isOnnxRuntime, onnxRuntimeOnly } from './backends.ts';
import { readTar } from './tar.ts';
import { readConfig, type TritonConfig } from './triton-config.ts';

/** One model of a Triton repository. */
export interface TritonRepository {
  /** The folder's name, which is the model's. */
  readonly name: string;
  readonly version: number;
  /** Absent where Triton was to find out by itself. */
  readonly config?: TritonConfig;
  /** The model, under its path in the repository. */
  readonly model: ModelFile;
  /** What lies beside it, such as external data. */
  readonly siblings: readonly ModelFile[];
}

const CONFIG = 'config.pbtxt';
const VERSION = /^[1-9]\d{0,8}$/;
/** What the backends call a model that they find by themselves, and one that a config names otherwise. */
const USUAL = ['model.onnx', 'model.pt', 'model.plan', 'model.py', 'model.json', 'xgboost.json', 'model.txt'];

/**
 * Reads `<name>/config.pbtxt` and `<name>/<version>/model.onnx` out of a tar archive. Of several versions the highest counts,
 * as Triton's own policy has it, of those that a policy of its config names.
 * @throws ModelFileRefused where it is not a repository of one model
 */
export function readRepository(archive: ModelFile): TritonRepository {
  const files = readTar(archive)
    .map(({ name, bytes }) => ({ path: name.split('/').filter((part) => part !== '' && part !== '.'), bytes }))
    // What Finder leaves behind.
    .filter(({ path }) => !path.some((part) => part.startsWith('._') || part === '.DS_Store'));
  const refuse = (rule: string, found?: unknown): never => {
    throw new ModelFileRefused({ where: archive.name, rule, ...(found !== undefined && { found }) });
  };
  const names = [...new Set(files.map(({ path }) => path[0] as string))];
  const [name] = names;
  const layout = 'must be a Triton repository of one model: <name>/config.pbtxt and <name>/1/model.onnx';
  if (name === undefined || names.length > 1) return refuse(layout, names.join(', '));
  const versions = files.flatMap(({ path: [, version] }) => (VERSION.test(version ?? '') ? [Number(version)] : []));
  if (versions.length === 0) return refuse(layout, files.map(({ path }) => path.join('/')).join(', '));
  const stated = files.find(({ path }) => path.length === 2 && path[1] === CONFIG);
  const config = stated && readConfig({ name: `${name}/${CONFIG}`, bytes: stated.bytes });
  if (config?.name !== undefined && config.name !== name) {
    refuse(`must name its model in ${CONFIG} like its folder, ${name}`, config.name);
  }
  const named = config?.versions ?? versions;
  const served = versions.filter((version) => named.includes(version));
  if (served.length === 0) refuse(`must hold a version that the version_policy in ${CONFIG} names`, named.join(', '));
  const version = Math.max(...served);
  const inVersion = files
    .filter(({ path }) => path.length === 3 && path[1] === String(version))
    .map(({ path, bytes }) => ({ name: path.join('/'), bytes }));
  const wanted = config?.file ? [config.file] : USUAL;
  const model = inVersion.find((file) => wanted.includes(file.name.split('/')[2] as string));
  if (model === undefined) {
    const inside = files.flatMap(({ path }) =>
      path[1] === String(version) && path.length > 3 ? [path[2] as string] : [],
    );
    const other = config?.platform ?? inside[0];
    if (other !== undefined && !isOnnxRuntime(other)) return refuse(onnxRuntimeOnly(other));
    return refuse(`must hold ${name}/${version}/${config?.file ?? 'model.onnx'}`);
  }
  const siblings = inVersion.filter((file) => file !== model);
  return { name, version, model, siblings, ...(config && { config }) };
}
