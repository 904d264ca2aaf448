import { layout } from '../../adapters/registry/layout.ts';
import type { TrainingOrder } from '../../adapters/sagemaker/training-jobs.ts';

/** The file that is run, beside what it learns from. */
export const PROGRAM_FILE = 'modeldrop_network.py';

/** Where networks are trained, which is not here. */
export interface Networks {
  /** The program that trains. */
  readonly program: () => Promise<Uint8Array>;
  /** Starts it, once, on what lies in the registry under this name. @throws TorchFailed where that can not be */
  readonly start: (name: string) => Promise<void>;
  /** What names of trainings begin with. */
  readonly prefix: string;
  readonly memoryBytes: number;
}

/** What SageMaker tells of a training that ended, as EventBridge brings it. */
export interface TrainingEnded {
  readonly TrainingJobName: string;
  readonly TrainingJobStatus: string;
  readonly SecondaryStatus?: string;
  readonly FailureReason?: string;
}

/** What SageMaker is told of a name: where in the registry's bucket its training reads and writes. */
export const orderFor = (bucket: string, name: string): TrainingOrder => ({
  name,
  input: `s3://${bucket}/${layout.networkTask(name)}`,
  output: `s3://${bucket}/${layout.networks}`,
  program: PROGRAM_FILE,
});
