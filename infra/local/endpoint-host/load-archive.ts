import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { OpenSession } from '../../../adapters/onnx/session.ts';
import { layout } from '../../../adapters/registry/layout.ts';
import { sha256 } from '../../../adapters/registry/sha256.ts';
import type { StoreReader } from '../../../adapters/store/store.ts';
import { DATATYPES, type Datatype } from '../../../models/datatype.ts';
import { ModelFileRefused } from '../../../models/errors.ts';
import type { TritonConfig, TritonTensor } from '../../../models/formats/triton/triton-config.ts';
import { readRepository } from '../../../models/formats/triton/triton-repository.ts';
import type { Signature, TensorSpec } from '../../../models/signature.ts';
import { batched, type Run } from './batcher.ts';
import type { Resident } from './model-pool.ts';
import type { TritonModel } from './triton.ts';

const TARGET = /^([0-9a-f]{64})\.tar\.gz$/;
/** What an archive may expand to, so that a small one can't fill the machine. */
const MOST_BYTES = 2 * 1024 ** 3;
/** A session of ONNX Runtime beside the model, and how often a model lies in memory while it runs. */
const [RUNTIME_BYTES, COPIES] = [64 * 1024 ** 2, 3];

const expanded = promisify(gunzip);

/**
 * Loads Triton archives out of a registry into ONNX Runtime, as the container does from S3.
 * @throws ModelFileRefused where there is no such archive, it is damaged, or no ONNX model with its tensors stated
 */
export const archiveLoader =
  (registry: StoreReader, open: OpenSession) =>
  async (target: string): Promise<Resident<TritonModel>> => {
    const { name, config, bytes } = await repositoryAt(registry, target);
    const session = await open(bytes);
    const signature = signatureOf(config, target);
    const never = new AbortController().signal;
    const alone: Run = (inputs) => session.run(inputs, never);
    const { maxBatchSize, batchDelayMs } = config;
    const run =
      batchDelayMs === undefined ? alone : batched(alone, { rows: Math.max(1, maxBatchSize), delayMs: batchDelayMs });
    return {
      model: { name, signature, run },
      bytes: RUNTIME_BYTES + COPIES * bytes.length,
      close: () => session.close(),
    };
  };

async function repositoryAt(registry: StoreReader, target: string) {
  const refused = (rule: string): ModelFileRefused => new ModelFileRefused({ where: target, rule });
  const hash = TARGET.exec(target)?.[1];
  if (hash === undefined) throw refused('must be <sha256>.tar.gz');
  const stored = await registry.read(layout.triton(hash));
  if (stored === undefined) throw refused('must lie in the registry, and does not');
  if (sha256(stored.bytes) !== hash) throw refused('must be of the SHA-256 in its name: it is damaged');
  const bytes = await expanded(stored.bytes, { maxOutputLength: MOST_BYTES });
  const { name, config, model } = readRepository({ name: target, bytes });
  if (config === undefined) throw refused('must hold a config.pbtxt');
  return { name, config, bytes: model.bytes };
}

/** The batch is a dimension of its own in front, where there are batches. */
function signatureOf({ maxBatchSize, inputs, outputs }: TritonConfig, target: string): Signature {
  const specOf = ({ name, datatype, dims }: TritonTensor): TensorSpec => {
    if (!isDatatype(datatype)) {
      throw new ModelFileRefused({
        where: `${target}, tensor ${name}`,
        rule: 'has no such data_type',
        found: datatype,
      });
    }
    return { name, datatype, shape: maxBatchSize > 0 ? [-1, ...dims] : [...dims] };
  };
  return { inputs: inputs.map(specOf), outputs: outputs.map(specOf) };
}

const isDatatype = (name: string): name is Datatype => (DATATYPES as readonly string[]).includes(name);
