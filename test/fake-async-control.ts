import type { AwsSession } from '../adapters/store/aws-session.ts';
import { bodyOf, fakeServer } from './apps/client/fake-server.ts';

export interface Asked {
  /** The service's name in the signature, and the action. */
  readonly service: string;
  readonly action: string;
  // biome-ignore lint/suspicious/noExplicitAny: a request is as deep as AWS's API
  readonly body: any;
  readonly contentType: string;
}

export interface FakeAsyncControl {
  readonly session: AwsSession;
  readonly asked: readonly Asked[];
  /** What each endpoint is said to be. */
  readonly endpoints: Map<string, { EndpointStatus: string; FailureReason?: string }>;
  /** Answers an action so, until it is told otherwise. */
  refuse(action: string, type: string, message: string): void;
  allow(action: string): void;
  close(): Promise<void>;
}

/** The APIs by which an asynchronous endpoint is made, as AWS answers them; an endpoint changes only when a test says so. */
export async function fakeAsyncControl(): Promise<FakeAsyncControl> {
  const asked: Asked[] = [];
  const endpoints: FakeAsyncControl['endpoints'] = new Map();
  const [models, configs] = [new Set<string>(), new Set<string>()];
  const refusals = new Map<string, { __type: string; message: string }>();
  const validation = (message: string) => ({ status: 400, body: { __type: 'ValidationException', message } });
  const done = (body: object = {}) => ({ status: 200, body });

  const make = (into: Set<string>, name: string) => {
    if (into.has(name)) return validation(`Cannot create already existing "${name}".`);
    into.add(name);
    return done();
  };
  const unmake = (from: { delete(name: string): boolean }, name: string) =>
    from.delete(name) ? done() : validation(`Could not find "${name}".`);

  // biome-ignore lint/suspicious/noExplicitAny: as above
  const answers: Record<string, (body: any) => { status: number; body: object }> = {
    DescribeEndpoint({ EndpointName }) {
      const found = endpoints.get(EndpointName);
      return found ? done({ EndpointName, ...found }) : validation(`Could not find endpoint "${EndpointName}".`);
    },
    CreateModel: ({ ModelName }) => make(models, ModelName),
    CreateEndpointConfig: ({ EndpointConfigName }) => make(configs, EndpointConfigName),
    CreateEndpoint({ EndpointName }) {
      if (endpoints.has(EndpointName)) return validation('Cannot create already existing endpoint.');
      endpoints.set(EndpointName, { EndpointStatus: 'Creating' });
      return done();
    },
    DeleteEndpoint: ({ EndpointName }) => unmake(endpoints, EndpointName),
    DeleteEndpointConfig: ({ EndpointConfigName }) => unmake(configs, EndpointConfigName),
    DeleteModel: ({ ModelName }) => unmake(models, ModelName),
    PutScalingPolicy: ({ PolicyName }) => done({ PolicyARN: `arn:aws:autoscaling:policy/${PolicyName}` }),
  };

  const server = await fakeServer(async (request, response) => {
    const { authorization = '', 'content-type': contentType = '', 'x-amz-target': target } = request.headers;
    const [service = '', action = ''] = [authorization.split('/')[3], String(target).split('.')[1]];
    const body = JSON.parse(await bodyOf(request));
    asked.push({ service, action, body, contentType });
    const refusal = refusals.get(action);
    const answer = refusal ? { status: 400, body: refusal } : (answers[action]?.(body) ?? done());
    response.writeHead(answer.status).end(JSON.stringify(answer.body));
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
    endpoints,
    refuse: (action, type, message) => void refusals.set(action, { __type: type, message }),
    allow: (action) => void refusals.delete(action),
    close: () => server.close(),
  };
}
