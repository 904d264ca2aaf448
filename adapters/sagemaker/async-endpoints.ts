import { AwsRefused, jsonCall } from '../aws/json-call.ts';
import { asyncEndpointName } from '../endpoint/async-endpoint-name.ts';
import type { AwsSession } from '../store/aws-session.ts';
import { scaledToNothing, VARIANT } from './scaled-to-nothing.ts';

/** Where and how asynchronous endpoints run, each of one model. */
export interface AsyncSite {
  /** What the name of each begins with. */
  readonly stage: string;
  /** A registry's path of AWS's container with Triton. */
  readonly image: string;
  /** What the container may do, as an ARN. */
  readonly role: string;
  readonly instance: string;
  /** What the instances boot from. */
  readonly machineImage: string;
  /** Instances at most; none while nobody asks. */
  readonly max: number;
  /** A prefix in S3, as a URL: archives lie there by their SHA-256. */
  readonly archives: string;
  /** Where answers are put, and why there is none; both as S3 URLs. */
  readonly answers: string;
  readonly failures: string;
  readonly logDays: number;
  /** On all that is made. */
  readonly tags: Readonly<Record<string, string>>;
  /** A key of ours for what is answered, where the stage has one. */
  readonly kmsKey?: string;
}

/** How far an endpoint is: it answers, it is made or taken away at the moment, or it came to nothing, and why. */
export type Standing = 'in-service' | 'changing' | { readonly failed: string };

/** The asynchronous endpoints of a stage, by the SHA-256 of the archive that each serves. */
export interface AsyncEndpoints {
  /** Has one made, unless there is one. Safe to repeat, and to stop anywhere. @throws AwsRefused */
  ensure(archive: string): Promise<Standing>;
  /** Whether it is made or taken away at the moment. @throws AwsRefused */
  isChanging(archive: string): Promise<boolean>;
  /** Takes it away, with all that was made for it. Safe to repeat. @throws AwsRefused, also while it is changing */
  remove(archive: string): Promise<void>;
}

const CHANGING = new Set(['Creating', 'Updating', 'SystemUpdating', 'RollingBack', 'Deleting']);

/** What is the same the next time: a wrong request, a missing permission, an account's limit. */
const LASTING: ReadonlySet<string> = new Set([
  'ValidationException',
  'AccessDeniedException',
  'ResourceLimitExceeded',
  'LimitExceededException',
]);

/** AWS's words for what is to go and is gone, and for what is to be made and is there. */
const [ABSENT, PRESENT] = [/could not find/i, /already ?exist/i];

/** Asynchronous endpoints of SageMaker, scaled to nothing while nobody asks. */
export function asyncEndpoints(session: AwsSession, site: AsyncSite): AsyncEndpoints {
  const call = jsonCall({ session, service: 'sagemaker', host: 'api.sagemaker', target: 'SageMaker' });
  const logs = jsonCall({ session, service: 'logs', target: 'Logs_20140328' });
  const scaling = scaledToNothing(session);

  const describe = (name: string): Promise<Described | undefined> =>
    unless(ABSENT, call<Described>('DescribeEndpoint', { EndpointName: name }));

  const create = async (name: string, archive: string): Promise<void> => {
    const logGroupName = `/aws/sagemaker/Endpoints/${name}`;
    await unless(PRESENT, logs('CreateLogGroup', { logGroupName }));
    await logs('PutRetentionPolicy', { logGroupName, retentionInDays: site.logDays });
    await unless(PRESENT, call('CreateModel', modelFor(site, name, archive)));
    await unless(PRESENT, call('CreateEndpointConfig', configFor(site, name)));
    const Tags = tagsOf(site);
    await unless(PRESENT, call('CreateEndpoint', { EndpointName: name, EndpointConfigName: name, Tags }));
  };

  return {
    async ensure(archive) {
      const name = asyncEndpointName(site.stage, archive);
      try {
        const found = await describe(name);
        if (found === undefined) {
          await create(name, archive);
          return 'changing';
        }
        const { EndpointStatus: status, FailureReason: why } = found;
        if (CHANGING.has(status)) return 'changing';
        if (status !== 'InService') return { failed: why || `SageMaker says ${status}` };
        // Only now: what is not in service can not be scaled. Until then its first instance proves that the model loads.
        await scaling.begin(name, site.max);
        return 'in-service';
      } catch (error) {
        if (error instanceof AwsRefused && LASTING.has(error.type)) return { failed: error.words };
        throw error;
      }
    },
    async isChanging(archive) {
      const found = await describe(asyncEndpointName(site.stage, archive));
      return found !== undefined && CHANGING.has(found.EndpointStatus);
    },
    async remove(archive) {
      const name = asyncEndpointName(site.stage, archive);
      await scaling.end(name);
      await unless(ABSENT, call('DeleteEndpoint', { EndpointName: name }));
      await unless(ABSENT, call('DeleteEndpointConfig', { EndpointConfigName: name }));
      await unless(ABSENT, call('DeleteModel', { ModelName: name }));
    },
  };
}

interface Described {
  readonly EndpointStatus: string;
  readonly FailureReason?: string;
}

/** Undefined where AWS says these words: it is as it is to be. @throws AwsRefused that says others */
async function unless<T>(words: RegExp, asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof AwsRefused && (words.test(error.words) || words.test(error.type))) return undefined;
    throw error;
  }
}

const tagsOf = ({ tags }: AsyncSite) => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

const modelFor = (site: AsyncSite, name: string, archive: string) => ({
  ModelName: name,
  ExecutionRoleArn: site.role,
  EnableNetworkIsolation: true,
  PrimaryContainer: {
    Image: site.image,
    ModelDataUrl: `${site.archives}${archive}.tar.gz`,
    // On, unless it is told otherwise, and it writes every request.
    Environment: { SAGEMAKER_TRITON_LOG_VERBOSE: 'false' },
  },
  Tags: tagsOf(site),
});

const configFor = (site: AsyncSite, name: string) => ({
  EndpointConfigName: name,
  ProductionVariants: [
    {
      VariantName: VARIANT,
      ModelName: name,
      InstanceType: site.instance,
      // SageMaker takes no less.
      InitialInstanceCount: 1,
      InferenceAmiVersion: site.machineImage,
    },
  ],
  AsyncInferenceConfig: {
    OutputConfig: {
      S3OutputPath: site.answers,
      S3FailurePath: site.failures,
      ...(site.kmsKey && { KmsKeyId: site.kmsKey }),
    },
  },
  Tags: tagsOf(site),
});
