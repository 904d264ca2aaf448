import { expand } from '../../adapters/archive/expand.ts';
import type { OpenSession } from '../../adapters/onnx/session.ts';
import { sha256 } from '../../adapters/registry/sha256.ts';
import { ModeldropError, ModelFileRefused } from '../../models/errors.ts';
import { inspectDropped } from '../../models/formats/dropped.ts';
import type { ModelFile } from '../../models/formats/format.ts';
import type { Inspection } from '../../models/formats/inspect.ts';
import type { Placement } from '../../models/placement.ts';
import type { Rehearsal } from '../../models/rehearsal.ts';
import type { ReleasePolicy } from '../../models/release-policy.ts';
import { DROP_FILE, EXAMPLES_FILE, isRange, isTensorData, LABELLED_FILE } from '../http/inbox.ts';
import { framesOf, type Log } from '../http/log.ts';
import { observing } from '../http/observing.ts';
import type { VerifyReport, VerifyRequest } from '../http/verification.ts';
import { type DropDeclaration, readDropFile } from './drop-file.ts';
import { replayGolden } from './golden.ts';
import { readLabelled } from './labelled.ts';
import { predictorOf } from './predictor-of.ts';
import { rehearse } from './rehearse.ts';
import { withRowsProved } from './row-by-row.ts';
import { type ServingModel, servingModel } from './serving-model.ts';

export interface VerifyPorts {
  /** Reads a URL that it was handed. It has no permission to read anything else. */
  readonly read: (url: string) => Promise<Uint8Array>;
  readonly openOnnx: OpenSession;
  readonly log: Log;
}

/** What could not be read is not what its manifest states. */
const NOTHING = new Uint8Array();

export type VerifyHandler = (request: VerifyRequest) => Promise<VerifyReport>;

/**
 * Inspects a dropped model, replays its golden examples, and holds it beside the serving version. It may do nothing else,
 * so that a hostile file can't either.
 */
export function verifyFunction({ read, openOnnx, log }: VerifyPorts): VerifyHandler {
  return async ({ files, serving }) => {
    const [model, ...companions] = await Promise.all(
      files.map(async ({ name, url }) => ({ name, bytes: await read(url) })),
    );
    if (model === undefined) throw new TypeError('a verification needs a model file');
    const served = await Promise.all((serving?.urls ?? []).map((url) => read(url).catch(() => NOTHING)));
    let before: ServingModel | undefined;
    try {
      before = serving && (await servingModel(serving.version, served, openOnnx));
      const { content, rehearsal, release, placement } = await prove(model, companions, { serving: before, openOnnx });
      const hashes = [model, ...companions].map(({ bytes }) => sha256(bytes));
      const stated = { ...(release && { release }), ...(placement && { placement }) };
      return { ok: true, content, sha256: hashes, rehearsal, ...stated };
    } catch (error) {
      if (!(error instanceof ModeldropError)) {
        observing(() => log.error('broken reader', { error: (error as Error).name, frames: framesOf(error) }));
      }
      return { ok: false, error: refusalOf(error, model) };
    } finally {
      if (before && 'predictor' in before) await before.predictor.close();
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
  const declaration: DropDeclaration = stated ? readDropFile(stated) : { declared: {} };
  const { declared, release, target, placement } = declaration;
  const range = rangeOf(companions);
  const inspected = inspectDropped(expand(file), {
    declared: { ...declared, ...(range && { range }) },
    siblings: companions.filter(({ name }) => isTensorData(name)),
    ...(examples && { examples }),
  });
  const inspection =
    placement === undefined || placement === 'lambda'
      ? inspected
      : await withRowsProved(placeable(placement, inspected), openOnnx);
  const { content } = inspection;
  const predictor = await predictorOf(inspection, openOnnx);
  try {
    await replayGolden(content, predictor);
    const labelled = labels && (await readLabelled(labels, content, target));
    const rehearsal = await rehearse({ content, predictor }, { serving, labelled });
    // A gate that can't be held is not open: the version is published, and somebody has to put it into service.
    const policy: ReleasePolicy | undefined = rehearsal.quality?.unheld ? { mode: 'manual' } : release;
    return { content, rehearsal, ...(policy && { release: policy }), ...(placement && { placement }) };
  } finally {
    await predictor.close();
  }
}

/** @throws ModelFileRefused */
function placeable(placement: Placement['placement'], inspection: ReturnType<typeof inspectDropped>) {
  const refused = (rule: string): ModelFileRefused =>
    new ModelFileRefused({ where: `${DROP_FILE}.placement`, rule, found: placement });
  if (!('onnx' in inspection)) {
    const { kind } = inspection.content;
    throw refused(`must be lambda: ${kind} models score in process, and only ONNX models run on an endpoint`);
  }
  if (placement === 'endpoint-async' && 'cascade' in inspection) {
    throw refused(
      'must be lambda or endpoint: the small model of a cascade answers at once, and so must the large one',
    );
  }
  return inspection;
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
