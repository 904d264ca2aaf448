import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { Keyring } from '../../adapters/registry/keyring.ts';
import type { PresignGet } from '../../adapters/store/presign.ts';
import type { Store } from '../../adapters/store/store.ts';
import type { Epoch } from '../../models/learning/network/trained-network.ts';
import { toResult } from '../http/answer.ts';
import { type HttpHandler, httpFunction } from '../http/handler.ts';
import type { Log } from '../http/log.ts';
import { allowedMethods } from '../http/match.ts';
import type { Channels } from '../http/sight.ts';
import { dropOperations } from './drops.ts';
import { jobOperations } from './jobs.ts';
import { modelOperations } from './models.ts';
import { openapiOperation } from './openapi.ts';
import { serverOperations } from './server.ts';
import { trainingJobOperation } from './training.ts';
import { versionOperations } from './versions.ts';

export interface CatalogPorts {
  readonly registry: Store;
  readonly channels: Channels;
  readonly keyring: Keyring;
  /** Where an object of the registry can be fetched for a while, without a key. */
  readonly presign: PresignGet;
  /** How far a network is that is trained elsewhere; absent where none is. */
  readonly trainingProgress?: (name: string) => Promise<Epoch | undefined>;
  readonly log: Log;
  /** Wall-clock milliseconds. */
  readonly now: () => number;
  /** The version of this software. */
  readonly release: string;
}

/** Everything that is read: the server, its models, versions and drops; and what no route has. */
export function catalogFunction(ports: CatalogPorts): HttpHandler {
  const answer = httpFunction({
    operations: {
      ...serverOperations(ports),
      ...modelOperations(ports),
      ...versionOperations(ports),
      ...dropOperations(ports),
      ...jobOperations(ports),
      trainingJob: trainingJobOperation(ports),
      openapi: openapiOperation(ports),
    },
    log: ports.log,
  });
  return async (event, context) => preflight(event) ?? answer(event, context);
}

/** OPTIONS on any path: what is allowed there, for browsers of any origin. */
function preflight(event: APIGatewayProxyEvent) {
  if (event.httpMethod !== 'OPTIONS') return undefined;
  const allow = [...methodsAt(event), 'OPTIONS'].join(', ');
  const headers = {
    allow,
    'access-control-allow-methods': allow,
    'access-control-allow-headers': '*, authorization',
    'access-control-max-age': '3600',
  };
  return toResult({ status: 204, headers }, event.requestContext?.requestId ?? '');
}

/** A path that does not decode knows no method. */
function methodsAt(event: APIGatewayProxyEvent): string[] {
  try {
    return allowedMethods(event);
  } catch {
    return [];
  }
}
