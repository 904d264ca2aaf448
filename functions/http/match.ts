import type { APIGatewayProxyEvent } from 'aws-lambda';
import { MalformedRequest } from '../../models/errors.ts';
import { MethodNotAllowed, RouteNotFound } from './errors.ts';
import { CATCH_ALL, type Route, resourceOf, routes } from './routes.ts';

export interface Match {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

/** What a gateway says of a request's place. `path` is percent-encoded, and perhaps behind a custom domain's base path. */
export type Place = Pick<APIGatewayProxyEvent, 'httpMethod' | 'resource' | 'path' | 'pathParameters'>;

const byResource = Map.groupBy(routes as readonly Route[], ({ method, path }) => `${method} ${resourceOf(path)}`);
const templates = new Map((routes as readonly Route[]).map(({ path }) => [path, path.split('/')]));

/**
 * The route of a request, as a gateway hands it over.
 * @throws RouteNotFound, MethodNotAllowed, MalformedRequest for a path that does not decode
 */
export function match(place: Place): Match {
  const segments = segmentsOf(place);
  const candidates = byResource.get(`${place.httpMethod} ${place.resource}`) ?? [];
  for (const route of candidates) {
    const params = bind(templates.get(route.path) as string[], segments);
    if (params !== undefined) return { route, params };
  }
  throw refusal(place, segments);
}

/** The methods that the path of a request knows; empty where no route has it. */
export const allowedMethods = (place: Place): string[] => methodsOf(segmentsOf(place));

function methodsOf(segments: readonly string[]): string[] {
  const known = (routes as readonly Route[]).filter(({ path }) => bind(templates.get(path) as string[], segments));
  return [...new Set(known.map(({ method }) => method))];
}

/** The decoded segments of the path, below a base path if it has one, without a slash at the end. */
function segmentsOf({ resource, path, pathParameters }: Place): string[] {
  if (resource === '/') return ['', ''];
  const sent = path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
  const all = decodeSegments(sent);
  // What a greedy resource has caught tells where the base path ends.
  const caught = resource === CATCH_ALL ? pathParameters?.proxy?.replace(/\/$/, '') : resource.slice(1);
  return caught === undefined ? all : ['', ...all.slice(Math.max(1, all.length - caught.split('/').length))];
}

function decodeSegments(path: string): string[] {
  try {
    return path.split('/').map(decodeURIComponent);
  } catch {
    throw new MalformedRequest({ where: 'path', rule: 'must be percent-encoded UTF-8', found: path });
  }
}

/** A path that is spelt in a way that the gateway does not route knows its method, and is not found all the same. */
function refusal({ httpMethod, path }: Place, segments: readonly string[]): Error {
  const allow = methodsOf(segments);
  return allow.length === 0 || allow.includes(httpMethod)
    ? new RouteNotFound(httpMethod, path)
    : new MethodNotAllowed(httpMethod, [...allow, 'OPTIONS']);
}

function bind(template: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  if (template.length !== segments.length) return undefined;
  const params: Record<string, string> = {};
  for (let i = 0; i < template.length; i++) {
    const [part, segment] = [template[i] as string, segments[i] as string];
    if (part.charCodeAt(0) !== 0x7b) {
      if (part !== segment) return undefined;
      continue;
    }
    const close = part.indexOf('}');
    const verb = part.slice(close + 1);
    if (!segment.endsWith(verb)) return undefined;
    const value = verb === '' ? segment : segment.slice(0, -verb.length);
    if (value === '' || value.includes(':')) return undefined;
    params[part.slice(1, close)] = value;
  }
  return params;
}
