import { expand } from '../../adapters/archive/expand.ts';
import { tritonArtifact } from '../../adapters/endpoint/artifact.ts';
import { sha256 } from '../../adapters/registry/sha256.ts';
import type { NamedBytes } from '../../adapters/registry/versions.ts';
import { ModelFileRefused } from '../../models/errors.ts';
import { servable } from '../../models/formats/onnx/servable.ts';
import { tritonConfig } from '../../models/formats/triton/write-config.ts';
import type { ManifestContent } from '../../models/manifest.ts';
import { DROP_FILE } from '../http/inbox.ts';
import { largeModel } from '../http/large-model.ts';

/** Rows of a batch of several callers. Whoever comes while none runs does not wait for others. */
const [BATCH_ROWS, BATCH_DELAY_MS] = [64, 0];

type ToPack = Pick<ManifestContent, 'signature' | 'onnx' | 'cascade'>;

/**
 * A verified ONNX model, or the large one of a cascade, as the archive that Triton loads. Of the same bytes the same archive, whatever the model's name here:
 * an endpoint that has loaded it need not load it again.
 */
export function packForTriton(content: ToPack, files: readonly NamedBytes[]): Promise<Uint8Array> {
  const { signature, onnx } = content.cascade?.large ?? content;
  const bytes = content.cascade ? largeModel(content.cascade, files) : modelIn(files, content);
  const name = `onnx-${sha256(bytes).slice(0, 16)}`;
  const config = tritonConfig({
    name,
    signature,
    rowByRow: onnx?.rowByRow ?? false,
    batchRows: BATCH_ROWS,
    batchDelayMs: BATCH_DELAY_MS,
    device: 'GPU',
  });
  return tritonArtifact({ name, config, onnx: bytes });
}

function modelIn([file, ...beside]: readonly NamedBytes[], { onnx }: ToPack): Uint8Array {
  if (file === undefined) throw new TypeError('a version needs a model file');
  return servable(
    expand(file),
    beside.filter((sibling) => onnx?.siblings.includes(sibling.name)),
  );
}

export const noEndpoint = (): ModelFileRefused =>
  new ModelFileRefused({
    where: `${DROP_FILE}.placement`,
    rule: 'must be lambda, or absent: no GPU endpoint is set up here',
    found: 'endpoint',
  });

export const noAsyncEndpoint = (): ModelFileRefused =>
  new ModelFileRefused({
    where: `${DROP_FILE}.placement`,
    rule: 'must be lambda, endpoint or absent: asynchronous endpoints are not set up here',
    found: 'endpoint-async',
  });
