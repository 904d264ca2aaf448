import { randomUUID } from 'node:crypto';
import type {
  APIGatewayProxyEvent,
  APIGatewayProxyResult,
  APIGatewayRequestAuthorizerEvent,
  SQSEvent,
} from 'aws-lambda';
import type { EndpointPort } from '../../adapters/endpoint/endpoint-port.ts';
import { type Counter, memoryCounter } from '../../adapters/meter/counter.ts';
import { memoryMeter } from '../../adapters/meter/memory.ts';
import type { Meter } from '../../adapters/meter/meter.ts';
import { openInRuntime } from '../../adapters/onnx/runtime.ts';
import { freshView } from '../../adapters/registry/fresh.ts';
import { keysView } from '../../adapters/registry/keyring.ts';
import { createKey, type KeyGrant, newSecret } from '../../adapters/registry/keys.ts';
import type { Store } from '../../adapters/store/store.ts';
import { authorizeFunction } from '../../functions/authorize/handler.ts';
import { catalogFunction } from '../../functions/catalog/handler.ts';
import { type ControlPorts, controlFunction } from '../../functions/control/handler.ts';
import { deployFunction } from '../../functions/deploy/handler.ts';
import type { HttpHandler } from '../../functions/http/handler.ts';
import type { Log } from '../../functions/http/log.ts';
import { CATCH_ALL, type FunctionName, type Route, resourceOf, routes } from '../../functions/http/routes.ts';
import { type PredictPorts, predictFunction } from '../../functions/predict/handler.ts';
import { loadFrom } from '../../functions/predict/load.ts';
import { modelCache } from '../../functions/predict/model-cache.ts';
import type { Channel } from '../../models/channel.ts';
import { memoryStore } from '../memory-store.ts';
import { type WatchedStore, watchedStore } from '../watched-store.ts';
import { type KnownName, knownModels } from './models.ts';
import { noTraining } from './no-training.ts';
import { verifyInProcess } from './verify-in-process.ts';

export const RELEASE = '0.0.0-test';
const ORIGIN = Date.UTC(2026, 10, 23);
const CACHE_BYTES = 64 * 1024 * 1024;

const silent: Log = { info: () => {}, error: () => {} };

/** Parts of the house that a test replaces by its own. */
export interface Fittings {
  readonly log?: Log;
  readonly meter?: Meter;
  readonly cacheBytes?: number;
  readonly draw?: () => number;
  readonly counter?: Counter;
  readonly shadow?: PredictPorts['shadow'];
  readonly endpoint?: EndpointPort;
  readonly enqueue?: ControlPorts['enqueue'];
  readonly maxBytes?: number;
}

/** Everything that one process keeps, over a registry that others share with it. */
export function processOf(registry: Store, now: () => number, fittings: Fittings = {}) {
  const { log = silent, meter = memoryMeter(now), cacheBytes = CACHE_BYTES, draw = () => 0.5 } = fittings;
  const { counter = memoryCounter(), shadow = () => true, enqueue = async () => {}, maxBytes } = fittings;
  const channels = freshView<Channel>({ store: registry, now });
  const keys = keysView(registry, now);
  const models = modelCache({ load: loadFrom(registry, openInRuntime(), fittings.endpoint), maxBytes: cacheBytes });
  return {
    predict: predictFunction({ channels, models, meter, counter, shadow, log, draw, ...(maxBytes && { maxBytes }) }),
    catalog: catalogFunction({ registry, channels, keyring: keys, presign: presignResult, log, now, release: RELEASE }),
    control: controlFunction({ registry, presign, presignRequest: presign, enqueue, now, log }),
    authorize: authorizeFunction({ keyring: keys, meterKey: (tenant) => `meter-${tenant}` }),
  };
}

const presign = async (key: string, sha256: string) => ({
  url: `https://inbox.example/${encodeURIComponent(key)}`,
  headers: { 'x-amz-checksum-sha256': sha256 },
  expires: new Date(ORIGIN).toISOString(),
});

const presignResult = async (key: string, contentType = '') =>
  `https://registry.example/${key}?response-content-type=${encodeURIComponent(contentType)}`;

export type Process = ReturnType<typeof processOf>;

/** A house in memory, with a clock that only tests move. */
export class House {
  readonly registry: WatchedStore = watchedStore();
  readonly inbox = memoryStore();
  readonly log: Log;
  now = ORIGIN;
  process: Process;
  admin = '';

  constructor(fittings: Fittings = {}) {
    this.log = fittings.log ?? silent;
    this.process = this.another(fittings);
  }

  /** Another process over the same registry, with nothing in memory yet. */
  another(fittings: Fittings = {}): Process {
    return processOf(this.registry, () => this.now, fittings);
  }

  pass(milliseconds: number): void {
    this.now += milliseconds;
  }

  /** A key's secret. */
  async key(grant: Partial<KeyGrant> = {}): Promise<string> {
    const secret = newSecret();
    const whole: KeyGrant = { name: 'test', tenant: 'default', scopes: ['admin'], models: ['*'], ...grant };
    await createKey(this.registry, secret, whole, { at: new Date(this.now).toISOString(), by: 'test' });
    return secret;
  }

  /** Lets a file land in the inbox and the deploy function take it up. */
  async drop(model: string, file: string, bytes: Uint8Array): Promise<void> {
    const key = `inbox/${model}/${file}`;
    await this.inbox.create(key, bytes);
    const deploy = deployFunction({
      inbox: this.inbox,
      verify: verifyInProcess(this.inbox, this.registry),
      train: noTraining,
      hasEndpoint: true,
      registry: this.registry,
      now: () => this.now,
      log: this.log,
    });
    const { batchItemFailures } = await deploy(landed(key));
    if (batchItemFailures.length > 0) throw new Error(`${key} failed`);
  }

  /** Sends a request as API Gateway does, with the admin's key unless it brings its own. */
  api(request: Request, through: Process = this.process): Promise<Reply> {
    return send(through, { key: this.admin, ...request });
  }
}

/** A house with an admin's key, and these models in service. */
export async function openHouse(models: readonly KnownName[] = [], fittings: Fittings = {}): Promise<House> {
  const house = new House(fittings);
  house.admin = await house.key();
  for (const name of models) await house.drop(name, knownModels[name].file, knownModels[name].bytes);
  return house;
}

/** The message that EventBridge sends by SQS once an object is there. */
export const landed = (...keys: string[]): SQSEvent =>
  ({
    Records: keys.map((key, i) => ({
      messageId: String(i),
      body: JSON.stringify({ source: 'aws.s3', 'detail-type': 'Object Created', detail: { object: { key } } }),
    })),
  }) as SQSEvent;

export interface Request {
  readonly method?: string;
  /** With its query, percent-encoded. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Bytes go as they are; a string as UTF-8; anything else as JSON. */
  readonly body?: unknown;
  /** The key to bring; `null` for none. */
  readonly key?: string | null;
  /** What a custom domain puts before every path. */
  readonly basePath?: string;
  /** Changes the event before a function sees it. */
  readonly alter?: (event: APIGatewayProxyEvent) => void;
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array;
  readonly text: string;
  /** The body as JSON; undefined where it is none. */
  readonly json: unknown;
  /** The function that answered; undefined for the gateway itself. */
  readonly from: FunctionName | undefined;
  readonly route: Route | undefined;
}

/** One request through the authorizer and a function, as API Gateway passes it on. */
export async function send(through: Process, request: Request): Promise<Reply> {
  const { event, route } = eventOf(request);
  const from = route?.function ?? 'catalog';
  if (route?.scope !== 'open') {
    const context = await authorized(through, event);
    if (typeof context === 'number') return refused(context, route);
    event.requestContext.authorizer = context;
  }
  request.alter?.(event);
  return replyOf(await through[from](event, contextOf()), from, route);
}

async function authorized(through: Process, event: APIGatewayProxyEvent): Promise<Record<string, unknown> | number> {
  const { body: _, ...rest } = event;
  try {
    const word = await through.authorize({
      type: 'REQUEST',
      methodArn: `arn:aws:execute-api:local:0:test/test/${event.httpMethod}${event.path}`,
      ...rest,
    } as APIGatewayRequestAuthorizerEvent);
    return { principalId: word.principalId, ...word.context };
  } catch (error) {
    return (error as Error).message === 'Unauthorized' ? 401 : 503;
  }
}

const refused = (status: number, route: Route | undefined): Reply => {
  const text = JSON.stringify({ error: status === 401 ? 'a valid key is needed' : 'the key could not be checked' });
  return { status, headers: {}, bytes: Buffer.from(text), text, json: JSON.parse(text), from: undefined, route };
};

/** What Lambda tells a function of its invocation. */
export const contextOf = () =>
  ({ awsRequestId: randomUUID(), getRemainingTimeInMillis: () => 20_000 }) as Parameters<HttpHandler>[1];

const withoutVerb = (segment: string): boolean => segment.startsWith('{');

const fits = (template: string, path: string): boolean => {
  const [wanted, sent] = [template.split('/'), path.replace(/(.)\/$/, '$1').split('/')];
  return (
    wanted.length === sent.length && wanted.every((part, i) => (withoutVerb(part) ? sent[i] !== '' : part === sent[i]))
  );
};

/** The resource that the gateway finds for a path, literals before parameters. */
export function resourceFor(method: string, path: string): Route | undefined {
  const candidates = (routes as readonly Route[]).filter(
    (route) => route.method === method && fits(resourceOf(route.path), path),
  );
  return candidates.sort((a, b) => parameters(a) - parameters(b))[0];
}

const parameters = ({ path }: Route): number => path.split('{').length;

/** The event that API Gateway's REST API makes of a request, before it is authorized. */
export function eventOf({ method = 'GET', path: target, headers = {}, body, key, basePath = '' }: Request) {
  const [path = '', query] = target.split('?', 2);
  const route = resourceFor(method, path);
  const bytes = bytesOf(body);
  const sent: Record<string, string> = { ...(key && { Authorization: `Bearer ${key}` }), ...headers };
  const parsed = query === undefined ? undefined : new URLSearchParams(query);
  const event = {
    resource: route ? resourceOf(route.path) : path === '/' ? '/' : CATCH_ALL,
    path: `${basePath}${path}`,
    httpMethod: method,
    headers: sent,
    multiValueHeaders: Object.fromEntries(Object.entries(sent).map(([name, value]) => [name, [value]])),
    queryStringParameters: parsed ? Object.fromEntries(parsed) : null,
    multiValueQueryStringParameters: parsed ? Object.fromEntries([...parsed].map(([k, v]) => [k, [v]])) : null,
    pathParameters: route || path === '/' ? null : { proxy: path.slice(1) },
    stageVariables: null,
    requestContext: { requestId: randomUUID(), httpMethod: method, path, stage: 'test' },
    body: bytes && Buffer.from(bytes).toString('base64'),
    isBase64Encoded: bytes !== null,
  } as unknown as APIGatewayProxyEvent;
  return { event, route };
}

function bytesOf(body: unknown): Uint8Array | null {
  if (body === undefined) return null;
  if (body instanceof Uint8Array) return body;
  return new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body));
}

export function replyOf(result: APIGatewayProxyResult, from: FunctionName, route: Route | undefined): Reply {
  const bytes = Buffer.from(result.body, result.isBase64Encoded ? 'base64' : 'utf8');
  const text = bytes.toString('utf8');
  const headers = (result.headers ?? {}) as Record<string, string>;
  return { status: result.statusCode, headers, bytes, text, json: jsonOf(text), from, route };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
