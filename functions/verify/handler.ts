import { onnxPredictor } from '../../adapters/onnx/onnx-predictor.ts';
import type { OpenSession } from '../../adapters/onnx/session.ts';
import { sha256 } from '../../adapters/registry/sha256.ts';
import { ModeldropError, ModelFileRefused } from '../../models/errors.ts';
import { inspectDropped, type OnnxInspection } from '../../models/formats/dropped.ts';
import type { ModelFile } from '../../models/formats/format.ts';
import type { Inspection } from '../../models/formats/inspect.ts';
import { nativePredictor } from '../../models/native.ts';
import type { Rehearsal } from '../../models/rehearsal.ts';
import { DROP_FILE, EXAMPLES_FILE, isRange, isTensorData, LABELLED_FILE } from '../http/inbox.ts';
import { framesOf, type Log } from '../http/log.ts';
import { observing } from '../http/observing.ts';
import type { VerifyReport, VerifyRequest } from '../http/verification.ts';
import { type DropDeclaration, readDropFile } from './drop-file.ts';
import { expand } from './expand.ts';
import { replayGolden } from './golden.ts';
import { readLabelled } from './labelled.ts';
import { rehearse, timed } from './rehearse.ts';
import { type ServingModel, servingModel } from './serving-model.ts';
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
  return async ({ files, serving }) => {
    const [model, ...companions] = await Promise.all(
      files.map(async ({ name, url }) => ({ name, bytes: await read(url) })),
    );
    if (model === undefined) throw new TypeError('a verification needs a model file');
    try {
      const before = serving && (await servingModel(read, serving));
      const { content, rehearsal, release, placement } = await prove(model, companions, { serving: before, openOnnx });
      const hashes = [model, ...companions].map(({ bytes }) => sha256(bytes));
      const stated = { ...(release && { release }), ...(placement && { placement }) };
      return { ok: true, content, sha256: hashes, rehearsal, ...stated };
    } catch (error) {
      if (!(error instanceof ModeldropError)) {
        observing(() => log.error('broken reader', { error: (error as Error).name, frames: framesOf(error) }));
      }
      return { ok: false, error: refusalOf(error, model) };
    }
  };
}

type Proved = Pick<Inspection, 'content'> &
  Pick<DropDeclaration, 'release' | 'placement'> & { readonly rehearsal: Rehearsal };

interface Surroundings {
  readonly serving: ServingModel | undefined;
  readonly openOnnx: OpenSession;
}

async function prove(
  file: ModelFile,
  companions: readonly ModelFile[],
  { serving, openOnnx }: Surroundings,
): Promise<Proved> {
  const bytesOf = (name: string) => companions.find((companion) => companion.name === name)?.bytes;
  const [examples, stated, labels] = [bytesOf(EXAMPLES_FILE), bytesOf(DROP_FILE), bytesOf(LABELLED_FILE)];
  const { declared, release, target, placement }: DropDeclaration = stated ? readDropFile(stated) : { declared: {} };
  const range = rangeOf(companions);
  const inspection = inspectDropped(expand(file), {
    declared: { ...declared, ...(range && { range }) },
    siblings: companions.filter(({ name }) => isTensorData(name)),
    ...(examples && { examples }),
  });
  const { content } = inspection;
  const stating = { content, ...(release && { release }), ...(placement && { placement }) };
  if ('onnx' in inspection) {
    if (labels) throw unjudged();
    return { ...stating, rehearsal: await proveOnnx(inspection, openOnnx) };
  }
  if (placement === 'endpoint') throw inProcess(content.kind);
  await replayGolden(content, nativePredictor(inspection.model));
  const labelled = labels && (await readLabelled(labels, inspection.model, target));
  return { ...stating, rehearsal: await rehearse(inspection, { serving, labelled }) };
}

const inProcess = (kind: string): ModelFileRefused =>
  new ModelFileRefused({
    where: `${DROP_FILE}.placement`,
    rule: `must be lambda: ${kind} models score in process, and only ONNX models run on an endpoint`,
    found: 'endpoint',
  });

const unjudged = (): ModelFileRefused =>
  new ModelFileRefused({ where: LABELLED_FILE, rule: 'can not judge ONNX models yet: drop the model without it' });

/** @throws ModelFileRefused, RunFailed */
async function proveOnnx({ content, onnx }: OnnxInspection, openOnnx: OpenSession): Promise<Rehearsal> {
  const predictor = onnxPredictor(content.signature, await openOnnx(onnx));
  try {
    await replayGolden(content, predictor);
    const zeros = await smoke(content.signature, predictor);
    const latency = await timed(predictor, zeros, false);
    return { ...(latency && { latency }), peakMemoryMb: Math.round(process.resourceUsage().maxRSS / 1024) };
  } finally {
    await predictor.close();
  }
}

/** An empty one is of a push that was broken off. @throws ModelFileRefused where it is not clear which */
function rangeOf(companions: readonly ModelFile[]): ModelFile | undefined {
  const [range, another] = companions.filter(({ name, bytes }) => isRange(name) && bytes.length > 0);
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
