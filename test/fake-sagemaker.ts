import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { tarGz } from '../adapters/archive/tar-gz.ts';
import type { AwsSession } from '../adapters/store/aws-session.ts';
import { put } from '../adapters/store/put.ts';
import type { Store } from '../adapters/store/store.ts';
import type { TrainingEnded } from '../functions/train/network-order.ts';
import { bodyOf, fakeServer } from './apps/client/fake-server.ts';

/** What SageMaker is asked, as far as it is looked at. */
export interface CreateTrainingJob {
  readonly TrainingJobName: string;
  readonly AlgorithmSpecification: {
    readonly ContainerEntrypoint: readonly string[];
    readonly ContainerArguments: readonly string[];
    readonly MetricDefinitions: readonly { readonly Name: string; readonly Regex: string }[];
  };
  readonly InputDataConfig: readonly [
    { readonly ChannelName: string; readonly DataSource: { readonly S3DataSource: { readonly S3Uri: string } } },
  ];
  readonly OutputDataConfig: { readonly S3OutputPath: string };
}

export interface FakeSagemaker {
  readonly session: AwsSession;
  /** Every request to start, in their order. */
  readonly asked: readonly CreateTrainingJob[];
  /** Answers the next request so, once. */
  refuseNext(status: number, type: string, message: string): void;
  /** Runs a training that was started, and says how it ended, as EventBridge does. */
  run(name: string, python: string): Promise<TrainingEnded>;
  close(): Promise<void>;
}

/** SageMaker's training jobs on this machine: its API over HTTP, and a container's folders below one of ours. S3 is a store. */
export async function fakeSagemaker(bucket: Store): Promise<FakeSagemaker> {
  const jobs = new Map<string, { readonly request: CreateTrainingJob; said: string }>();
  const asked: CreateTrainingJob[] = [];
  let refusal: { status: number; body: object } | undefined;

  const answerTo = (target: string, body: string): { status: number; body: object } => {
    const request = JSON.parse(body) as CreateTrainingJob;
    const name = request.TrainingJobName;
    const job = jobs.get(name);
    if (refusal) {
      const once = refusal;
      refusal = undefined;
      return once;
    }
    if (target === 'SageMaker.CreateTrainingJob') {
      asked.push(request);
      if (job) return { status: 400, body: { __type: 'ResourceInUse', Message: `${name} exists` } };
      jobs.set(name, { request, said: '' });
      return { status: 200, body: { TrainingJobArn: `arn:aws:sagemaker:us-east-1:1:training-job/${name}` } };
    }
    if (!job) return { status: 400, body: { __type: 'ValidationException', message: `no ${name}` } };
    return { status: 200, body: { TrainingJobName: name, FinalMetricDataList: metricsOf(job.request, job.said) } };
  };

  const server = await fakeServer(async (request, response) => {
    const { status, body } = answerTo(String(request.headers['x-amz-target']), await bodyOf(request));
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
  });

  return {
    session: {
      region: 'us-east-1',
      accessKeyId: 'AKIDEXAMPLE',
      secretAccessKey: 'secret',
      sessionToken: undefined,
      endpoint: server.url,
    },
    asked,
    refuseNext(status, type, message) {
      refusal = { status, body: { __type: type, message } };
    },
    async run(name, python) {
      const job = jobs.get(name);
      if (!job) throw new Error(`${name} was not started`);
      const { said, ended } = await runContainer(bucket, job.request, python);
      job.said = said;
      return ended;
    },
    close: () => server.close(),
  };
}

/** The last value of each metric that a regular expression finds in what was printed. */
const metricsOf = ({ AlgorithmSpecification }: CreateTrainingJob, said: string) =>
  AlgorithmSpecification.MetricDefinitions.flatMap(({ Name, Regex }) => {
    const last = [...said.matchAll(new RegExp(Regex, 'g'))].at(-1)?.[1];
    return last === undefined ? [] : [{ MetricName: Name, Value: Number(last), Timestamp: 0 }];
  });

const keyIn = (uri: string): string => uri.replace(/^s3:\/\/[^/]+\//, '');

async function runContainer(bucket: Store, request: CreateTrainingJob, python: string) {
  const { TrainingJobName, AlgorithmSpecification, InputDataConfig, OutputDataConfig } = request;
  const root = await mkdtemp(join(tmpdir(), 'modeldrop-sagemaker-'));
  const inside = (path: string): string => path.replace(/^\/opt\/ml/, root);
  try {
    const [{ ChannelName, DataSource }] = InputDataConfig;
    const [input, model, output] = [`input/data/${ChannelName}`, 'model', 'output'].map((path) => join(root, path));
    for (const folder of [input, model, output]) await mkdir(folder as string, { recursive: true });
    for (const key of await bucket.list(keyIn(DataSource.S3DataSource.S3Uri)))
      await writeFile(join(input as string, basename(key)), (await bucket.read(key))?.bytes ?? '');
    const [, ...entry] = AlgorithmSpecification.ContainerEntrypoint;
    const parameters = [...entry, ...AlgorithmSpecification.ContainerArguments].map(inside);
    const child = spawn(python, parameters, { stdio: ['ignore', 'pipe', 'ignore'] });
    const [said, [code]] = await Promise.all([text(child.stdout), once(child, 'close')]);
    const bare = { TrainingJobName, TrainingJobStatus: 'Failed', SecondaryStatus: 'Failed' };
    const FailureReason = await readFile(join(output as string, 'failure'), 'utf8').catch(() => `exit code ${code}`);
    if (code !== 0) return { said, ended: { ...bare, FailureReason: `AlgorithmError: ${FailureReason}` } };
    const names = await readdir(model as string);
    const files = await Promise.all(
      // As tar names them in a folder.
      names.map(async (name) => ({ name: `./${name}`, bytes: await readFile(join(model as string, name)) })),
    );
    const place = `${keyIn(OutputDataConfig.S3OutputPath)}/${TrainingJobName}/output/model.tar.gz`;
    await put(bucket, place, await tarGz(files));
    return { said, ended: { TrainingJobName, TrainingJobStatus: 'Completed', SecondaryStatus: 'Completed' } };
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}
