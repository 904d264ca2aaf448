import type { Epoch } from '../../models/learning/network/trained-network.ts';
import { AwsRefused, jsonCall } from '../aws/json-call.ts';
import type { AwsSession } from '../store/aws-session.ts';
import { TorchFailed } from '../torch/torch-failed.ts';

/** Where and how trainings run. */
export interface TrainingSite {
  /** A registry's path of AWS's container with PyTorch. */
  readonly image: string;
  /** What the container may do, as an ARN. */
  readonly role: string;
  readonly instance: string;
  readonly maxSeconds: number;
  /** A key of ours for what is written, where the stage has one. */
  readonly kmsKey?: string;
}

/** A training, and where in S3 it reads and writes. */
export interface TrainingOrder {
  /** At most 63 letters, digits and hyphens. No other one of the account may ever have had it. */
  readonly name: string;
  /** A prefix, whose objects the program finds as files. */
  readonly input: string;
  /** A prefix: what is learned lands at `<name>/output/model.tar.gz` below it. */
  readonly output: string;
  /** The file of the input that is run. */
  readonly program: string;
}

export interface TrainingJobs {
  /** Started once, however often it is asked. @throws TorchFailed where it can not be started at all, AwsRefused */
  start(order: TrainingOrder, site: TrainingSite): Promise<void>;
  /** The last epoch that it told; undefined before the first one. @throws AwsRefused */
  progress(name: string): Promise<Epoch | undefined>;
}

/** Where a container finds its files: https://docs.aws.amazon.com/sagemaker/latest/dg/amazon-sagemaker-toolkits.html */
const CHANNEL = 'task';
const [INPUT, MODEL, FAILURE] = [`/opt/ml/input/data/${CHANNEL}`, '/opt/ml/model', '/opt/ml/output/failure'] as const;
/** The data, the program and what it writes; the image is not on it. */
const DISK_GB = 10;

const FIGURES = ['epoch', 'of', 'loss', 'validation', 'seconds'] as const satisfies readonly (keyof Epoch)[];

/** What is the same the next time: a wrong request, a missing permission, an account's limit. */
const LASTING: ReadonlySet<string> = new Set(['ValidationException', 'AccessDeniedException', 'ResourceLimitExceeded']);

/** SageMaker's training jobs, in AWS's containers, without its toolkit. */
export function trainingJobs(session: AwsSession): TrainingJobs {
  const call = jsonCall({ session, service: 'sagemaker', host: 'api.sagemaker', target: 'SageMaker' });
  return {
    async start(order, site) {
      try {
        await call('CreateTrainingJob', requestFor(order, site));
      } catch (error) {
        if (!(error instanceof AwsRefused)) throw error;
        if (error.type === 'ResourceInUse') return;
        throw LASTING.has(error.type) ? new TorchFailed(`SageMaker did not start it: ${error.words}`) : error;
      }
    },
    async progress(name) {
      const { FinalMetricDataList = [] } = await call<Described>('DescribeTrainingJob', { TrainingJobName: name });
      const figures = Object.fromEntries(FinalMetricDataList.map(({ MetricName, Value }) => [MetricName, Value]));
      return FIGURES.every((figure) => figure in figures) ? (figures as unknown as Epoch) : undefined;
    },
  };
}

/** The last figure of each name that the program printed. */
interface Described {
  readonly FinalMetricDataList?: readonly { readonly MetricName: string; readonly Value: number }[];
}

const requestFor = ({ name, input, output, program }: TrainingOrder, site: TrainingSite) => ({
  TrainingJobName: name,
  AlgorithmSpecification: {
    TrainingImage: site.image,
    TrainingInputMode: 'File',
    ContainerEntrypoint: ['python3', '-B', `${INPUT}/${program}`],
    ContainerArguments: [INPUT, MODEL, FAILURE],
    MetricDefinitions: FIGURES.map((figure) => ({ Name: figure, Regex: `"${figure}": ([-+0-9.eE]+)` })),
  },
  RoleArn: site.role,
  InputDataConfig: [
    {
      ChannelName: CHANNEL,
      DataSource: {
        S3DataSource: { S3DataType: 'S3Prefix', S3Uri: input, S3DataDistributionType: 'FullyReplicated' },
      },
    },
  ],
  OutputDataConfig: { S3OutputPath: output, ...(site.kmsKey && { KmsKeyId: site.kmsKey }) },
  ResourceConfig: {
    InstanceType: site.instance,
    InstanceCount: 1,
    VolumeSizeInGB: DISK_GB,
    ...(site.kmsKey && { VolumeKmsKeyId: site.kmsKey }),
  },
  StoppingCondition: { MaxRuntimeInSeconds: site.maxSeconds },
  EnableNetworkIsolation: true,
});
