import { onnxPredictor } from '../../adapters/onnx/onnx-predictor.ts';
import type { OpenSession } from '../../adapters/onnx/session.ts';
import { sha256 } from '../../adapters/registry/sha256.ts';
import { ModeldropError, ModelFileRefused } from '../../models/errors.ts';
import { inspectDropped, type OnnxInspection } from '../../models/formats/dropped.ts';
import type { ModelFile } from '../../models/formats/format.ts';
import type { Inspection } from '../../models/formats/inspect.ts';
import { nativePredictor } from '../../models/native.ts';
import type { Predictor } from '../../models/predictor.ts';
import { DROP_FILE, EXAMPLES_FILE, isRange, isTensorData } from '../http/inbox.ts';
import { framesOf, type Log } from '../http/log.ts';
import { observing } from '../http/observing.ts';
import type { VerifyReport, VerifyRequest } from '../http/verification.ts';
import { type DropDeclaration, readDropFile } from './drop-file.ts';
import { expand } from './expand.ts';
import { replayGolden } from './golden.ts';
import { smoke } from './smoke.ts';

export interface VerifyPorts {
  /** Reads a URL that it was handed. It has no permission to read anything else. */
  readonly read: (url: string) => Promise<Uint8Array>;
  readonly openOnnx: OpenSession;
  readonly log: Log;
}

export type VerifyHandler = (request: VerifyRequest) => Promise<VerifyReport>;

/** Inspects a dropped model and replays its golden examples. It may do nothing else, so that a hostile file can't either. */
export function verifyFunction({ read, openOnnx, log }: VerifyPorts): VerifyHandler {
  return async ({ files }) => {
    const [model, ...companions] = await Promise.all(
      files.map(async ({ name, url }) => ({ name, bytes: await read(url) })),
    );
    if (model === undefined) throw new TypeError('a verification needs a model file');
    try {
      const { content, release } = await prove(model, companions, openOnnx);
      const hashes = [model, ...companions].map(({ bytes }) => sha256(bytes));
      return { ok: true, content, sha256: hashes, ...(release && { release }) };
    } catch (error) {
      if (!(error instanceof ModeldropError)) {
        observing(() => log.error('broken reader', { error: (error as Error).name, frames: framesOf(error) }));
      }
      return { ok: false, error: refusalOf(error, model) };
    }
  };
}

type Proved = Pick<Inspection, 'content'> & Pick<DropDeclaration, 'release'>;

async function prove(file: ModelFile, companions: readonly ModelFile[], openOnnx: OpenSession): Promise<Proved> {
  const bytesOf = (name: string) => companions.find((companion) => companion.name === name)?.bytes;
  const [examples, stated] = [bytesOf(EXAMPLES_FILE), bytesOf(DROP_FILE)];
  const { declared, release } = stated ? readDropFile(stated) : { declared: {} };
  const range = rangeOf(companions);
  const inspection = inspectDropped(expand(file), {
    declared: { ...declared, ...(range && { range }) },
    siblings: companions.filter(({ name }) => isTensorData(name)),
    ...(examples && { examples }),
  });
  const { content } = inspection;
  const predictor = await open(inspection, openOnnx);
  try {
    await replayGolden(content, predictor);
    if (content.onnx) await smoke(content.signature, predictor);
  } finally {
    await predictor.close();
  }
  return { content, ...(release && { release }) };
}

const open = async (inspection: Inspection | OnnxInspection, openOnnx: OpenSession): Promise<Predictor> =>
  'onnx' in inspection
    ? onnxPredictor(inspection.content.signature, await openOnnx(inspection.onnx))
    : nativePredictor(inspection.model);

/** @throws ModelFileRefused where it is not clear which */
function rangeOf(companions: readonly ModelFile[]): ModelFile | undefined {
  const [range, another] = companions.filter(({ name }) => isRange(name));
  if (another === undefined) return range;
  throw new ModelFileRefused({
    where: another.name,
    rule: `must be the only .range file; ${range?.name} is there too`,
  });
}

/** Whatever breaks while a file is read and proved would break again: its owner gets a reason, not a retry. */
const refusalOf = (error: unknown, { name }: ModelFile): string =>
  error instanceof ModeldropError
    ? error.message
    : new ModelFileRefused({ where: name, rule: 'broke its reader; it can not be served as it is' }).message;
