import type { AddressInfo } from 'node:net';
import type { FastifyPluginAsync } from 'fastify';
import { framesOf, type Log, powertoolsLog } from '../../../functions/http/log.ts';
import { type FunctionName, routes } from '../../../functions/http/routes.ts';
import { draining } from './drain.ts';
import { httpServer } from './http-server.ts';
import type { Authorizer, ProxyFunction } from './invoke.ts';
import { LIMITS, type Limits } from './limits.ts';
import { resourceTree } from './resource-tree.ts';
import type { Backend } from './serve.ts';
import { throttle } from './throttle.ts';
import type { Quota } from './token-bucket.ts';

export interface GatewayOptions {
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  readonly functions: Readonly<Record<FunctionName, ProxyFunction>>;
  readonly authorize: Authorizer;
  /** The function of everything that no route names. */
  readonly fallback: FunctionName;
  /** What a tenant may ask for; undefined where it is not counted. */
  readonly quota: (tenant: string) => Quota | undefined;
  readonly limits?: Partial<Limits>;
  /** Routes beside API Gateway's, unauthorized. Their bodies are streams, and their limits their own. */
  readonly extra?: FastifyPluginAsync;
  /** Hears of what failed behind an answer that does not tell it. */
  readonly log?: Pick<Log, 'error'>;
}

export interface Gateway {
  readonly url: string;
  /** Takes no more connections, lets the requests in flight finish, and resolves once all connections are closed. */
  close(): Promise<void>;
}

/** Serves HTTP in front of Lambda functions on this machine, as API Gateway's REST API does on AWS. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  let closing: Promise<void> | undefined;
  const backend = backendOf(options, () => closing !== undefined);
  const app = httpServer(backend, options.extra);
  const drain = draining(app.server);
  await app.listen({ host: options.host, port: options.port });
  return {
    url: urlOf(app.server.address() as AddressInfo),
    close: () => {
      closing ??= drain(() => app.close(), backend.limits.drainMs);
      return closing;
    },
  };
}

function backendOf(options: GatewayOptions, isClosing: () => boolean): Backend {
  const { functions, authorize, fallback, quota, limits, log = powertoolsLog('gateway') } = options;
  return {
    find: resourceTree(routes, fallback),
    functions,
    authorize,
    throttle: throttle(quota, () => performance.now()),
    limits: { ...LIMITS, ...limits },
    report: (requestId, failure) =>
      log.error('unexpected', { request_id: requestId, error: failure.name, frames: framesOf(failure.cause) }),
    isClosing,
  };
}

/** An address that a client on this machine can use, also where the gateway listens on all. */
function urlOf({ address, family, port }: AddressInfo): string {
  if (family === 'IPv6') return `http://[${address === '::' ? '::1' : address}]:${port}`;
  return `http://${address === '0.0.0.0' ? '127.0.0.1' : address}:${port}`;
}
