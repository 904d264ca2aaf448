import { expand } from '../../adapters/archive/expand.ts';
import { layout } from '../../adapters/registry/layout.ts';
import { sha256 } from '../../adapters/registry/sha256.ts';
import { moveTrainingJob, readTrainingJob, type TrainingJob } from '../../adapters/registry/training-jobs.ts';
import { put } from '../../adapters/store/put.ts';
import { parseTable } from '../../adapters/table/read-table.ts';
import { assessNetwork, type Taught } from '../../adapters/torch/assess-network.ts';
import { TorchFailed } from '../../adapters/torch/torch-failed.ts';
import { trainedFrom } from '../../adapters/torch/trained-files.ts';
import { ModeldropError } from '../../models/errors.ts';
import type { ModelFile } from '../../models/formats/format.ts';
import { readTar } from '../../models/formats/triton/tar.ts';
import type { StatedNetwork } from '../../models/learning/any-recipe.ts';
import { networkFiles, networkInput } from '../../models/learning/network/network-input.ts';
import { networkParcel } from '../../models/learning/network/network-parcel.ts';
import { poseNetwork } from '../../models/learning/network/pose-network.ts';
import { checkTableRoom } from '../../models/learning/table-room.ts';
import { jobOfTraining, trainingName } from '../../models/training-name.ts';
import { type Delivery, readDelivery } from '../http/delivery.ts';
import { dropId, inboxKey } from '../http/inbox.ts';
import type { Lesson } from './lesson.ts';
import { type Networks, PROGRAM_FILE, type TrainingEnded } from './network-order.ts';
import { type SettlePorts, settleTrained, settleUnlearned } from './settle.ts';

export interface NetworkPorts extends SettlePorts {
  readonly networks: Networks;
}

interface Begun {
  readonly delivery: Delivery;
  readonly job: TrainingJob & { readonly recipe: StatedNetwork };
}

/** Poses what is to be learned, lays it down, and has it trained. The same job begun again is the same training. */
export async function beginNetwork(ports: NetworkPorts, { delivery, job }: Begun): Promise<void> {
  const { registry, networks } = ports;
  const { posed } = await taught(ports, { delivery, job });
  // Before anything is started: who ends is known by its name.
  const moved = await moveTrainingJob(registry, job.id, (current) =>
    current?.state === 'training' ? { ...current, trainedBy: current.trainedBy ?? nameFor(ports, current) } : undefined,
  );
  if (moved?.trainedBy === undefined) return;
  const lay = (file: string, bytes: Uint8Array) =>
    put(registry, layout.networkTask(moved.trainedBy as string, file), bytes);
  for (const { name, bytes } of networkFiles(networkInput(posed))) await lay(name, bytes);
  await lay(PROGRAM_FILE, await networks.program());
  await networks.start(moved.trainedBy);
}

/** A job that is begun anew has another time, or another recipe. */
const nameFor = ({ networks }: NetworkPorts, { id, updatedAt, recipe }: TrainingJob): string =>
  trainingName(networks.prefix, id, sha256(JSON.stringify([updatedAt, recipe])).slice(0, 8));

/** Takes up a training that ended: its model is dropped, or its job has failed. Told twice, it is taken up once. */
export async function endNetwork(ports: NetworkPorts, ended: TrainingEnded): Promise<void> {
  const { registry, inbox } = ports;
  const id = jobOfTraining(ports.networks.prefix, ended.TrainingJobName);
  const job = id === undefined ? undefined : await readTrainingJob(registry, id);
  if (job?.trainedBy !== ended.TrainingJobName) return;
  const key = inboxKey(job.model, job.file);
  const delivery = await readDelivery(inbox, key);
  if (delivery === undefined || dropId(key, sha256(delivery.objects[0].stored.bytes)) !== job.id)
    // Taken away by ourselves, where this was taken up already.
    return job.state === 'training' ? abandon(ports, job) : undefined;
  try {
    const lesson = await lessonOf(ports, { delivery, job: job as Begun['job'] }, ended);
    await settleTrained(ports, delivery, job.id, lesson);
  } catch (error) {
    if (!(error instanceof ModeldropError) || error.status >= 500) throw error;
    await settleUnlearned(ports, delivery, job.id, error);
  }
}

/** @throws TorchFailed where it did not come to an end */
async function lessonOf(ports: NetworkPorts, begun: Begun, ended: TrainingEnded): Promise<Lesson> {
  if (ended.TrainingJobStatus !== 'Completed') throw new TorchFailed(reasonOf(ended));
  const archive = await ports.registry.read(layout.network(ended.TrainingJobName));
  if (archive === undefined) throw new TorchFailed('it left no model.tar.gz');
  const trained = trainedFrom(filesIn({ name: 'model.tar.gz', bytes: archive.bytes }));
  const lesson = await taught(ports, begun);
  const seconds = trained.epochs.reduce((sum, epoch) => sum + epoch.seconds, 0);
  const { result } = await assessNetwork(lesson, { trained, seconds }, new AbortController().signal);
  return { ...networkParcel(lesson.posed, lesson.recipe, trained), result };
}

const filesIn = (archive: ModelFile): ModelFile[] =>
  readTar(expand(archive)).map(({ name, bytes }) => ({ name: name.replace(/^\.\//, ''), bytes }));

function reasonOf({ TrainingJobStatus, SecondaryStatus, FailureReason }: TrainingEnded): string {
  if (SecondaryStatus === 'MaxRuntimeExceeded') return "it took longer than the stage's training.maxSeconds";
  return FailureReason || `SageMaker says ${TrainingJobStatus}`;
}

/** A table and what is to be learned from it: the same each time, for every draw has its seed. */
async function taught({ networks }: NetworkPorts, { delivery, job }: Begun): Promise<Taught> {
  const { recipe } = job;
  const file = { name: delivery.file, bytes: delivery.objects[0].stored.bytes };
  checkTableRoom({ name: file.name, size: file.bytes.length }, networks.memoryBytes);
  const table = await parseTable(file, recipe.types);
  return { table, recipe, posed: poseNetwork(table.frame, recipe.kind, recipe, {}) };
}

/** Without its table nobody could say how good it is. */
async function abandon({ registry, now }: NetworkPorts, { id, file }: TrainingJob): Promise<void> {
  const error = `${file} was taken away, or replaced by another one, while it was learned from`;
  const updatedAt = new Date(now()).toISOString();
  await moveTrainingJob(registry, id, (job) => job && { ...job, state: 'failed', error, updatedAt });
}
