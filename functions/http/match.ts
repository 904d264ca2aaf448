import { MalformedRequest } from '../../models/errors.ts';
import { MethodNotAllowed, RouteNotFound } from './errors.ts';
import { CATCH_ALL, type Route, resourceOf, routes } from './routes.ts';

export interface Match {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

const byResource = Map.groupBy(routes as readonly Route[], ({ method, path }) => `${method} ${resourceOf(path)}`);
const templates = new Map((routes as readonly Route[]).map(({ path }) => [path, path.split('/')]));

/**
 * The route of a request, as a gateway hands it over.
 * @param resource the gateway's resource template, or the catch-all
 * @param path percent-encoded, and perhaps behind a custom domain's base path
 * @throws RouteNotFound, MethodNotAllowed, MalformedRequest for a path that does not decode
 */
export function match(method: string, resource: string, path: string): Match {
  const all = decodeSegments(path);
  const segments = resource === CATCH_ALL ? all : ['', ...all.slice(all.length - resource.split('/').length + 1)];
  const candidates = byResource.get(`${method} ${resource}`) ?? [];
  for (const route of candidates) {
    const params = bind(templates.get(route.path) as string[], segments);
    if (params !== undefined) return { route, params };
  }
  throw refusal(method, path, segments);
}

/** The methods that a path knows; empty where no route has it. */
export const allowedMethods = (segments: readonly string[]): string[] => {
  const known = (routes as readonly Route[]).filter(({ path }) => bind(templates.get(path) as string[], segments));
  return [...new Set(known.map(({ method }) => method))];
};

export function decodeSegments(path: string): string[] {
  try {
    return path.split('/').map(decodeURIComponent);
  } catch {
    throw new MalformedRequest({ where: 'path', rule: 'must be percent-encoded UTF-8', found: path });
  }
}

function refusal(method: string, path: string, segments: readonly string[]): Error {
  const allow = allowedMethods(segments);
  return allow.length === 0 ? new RouteNotFound(method, path) : new MethodNotAllowed(method, [...allow, 'OPTIONS']);
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
