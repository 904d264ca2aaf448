import { CATCH_ALL, type FunctionName, type Route, resourceOf, type Scope } from '../../../functions/http/routes.ts';

/** Where a request goes, and the resource that API Gateway would name. */
export interface Match {
  readonly resource: string;
  readonly function: FunctionName;
  /** Undefined for what no route names. */
  readonly scope: Scope | undefined;
  /** As they stand in the path: percent-encoded. */
  readonly parameters: Record<string, string> | null;
}

export type FindResource = (method: string, path: string) => Match;

type RouteTarget = Pick<Route, 'method' | 'path' | 'function' | 'scope'>;
type Methods = Map<string, { readonly function: FunctionName; readonly scope: Scope }>;

interface Resource {
  readonly path: string;
  readonly methods: Methods;
}

interface Node {
  readonly statics: Map<string, Node>;
  parameter?: { readonly name: string; readonly node: Node };
  greedy?: Resource & { readonly name: string };
  resource?: Resource;
}

/**
 * Finds a request's resource as API Gateway does: segment by segment as sent, a literal before `{parameter}` before
 * `{greedy+}`; a slash at the end makes no difference. What no route names goes to `fallback`, whatever its method.
 *
 * @throws Error if two routes give one method of one resource to two functions or two scopes.
 */
export function resourceTree(routes: readonly RouteTarget[], fallback: FunctionName): FindResource {
  const root: Node = { statics: new Map() };
  for (const route of routes) plant(root, route);
  return (method, path) => find(root, method, path) ?? unnamed(path, fallback);
}

const unnamed = (path: string, fallback: FunctionName): Match => ({
  resource: CATCH_ALL,
  function: fallback,
  scope: undefined,
  parameters: { proxy: path.slice(1) },
});

function plant(root: Node, route: RouteTarget): void {
  const resource = resourceAt(root, resourceOf(route.path));
  const { method, function: name, scope } = route;
  const planted = resource.methods.get(method);
  if (planted !== undefined && (planted.function !== name || planted.scope !== scope)) {
    throw new Error(`${method} ${resource.path} has one function and one scope, got two`);
  }
  resource.methods.set(method, { function: name, scope });
}

function resourceAt(root: Node, path: string): Resource {
  let node = root;
  for (const segment of path.split('/').filter(Boolean)) {
    const greedy = /^\{(\w+)\+\}$/.exec(segment)?.[1];
    if (greedy !== undefined) {
      node.greedy ??= { path, methods: new Map(), name: greedy };
      return node.greedy;
    }
    node = childOf(node, segment);
  }
  node.resource ??= { path, methods: new Map() };
  return node.resource;
}

function childOf(node: Node, segment: string): Node {
  const name = /^\{(\w+)\}$/.exec(segment)?.[1];
  if (name !== undefined) {
    node.parameter ??= { name, node: { statics: new Map() } };
    return node.parameter.node;
  }
  const child = node.statics.get(segment) ?? { statics: new Map() };
  node.statics.set(segment, child);
  return child;
}

function find(root: Node, method: string, path: string): Match | undefined {
  let node = root;
  let parameters: Record<string, string> | null = null;
  let greedy: Match | undefined;
  const end = path.endsWith('/') ? path.length - 1 : path.length;
  for (let from = 1; from <= end; ) {
    if (node.greedy !== undefined) greedy = greedyMatch(node.greedy, method, path.slice(from)) ?? greedy;
    const to = segmentEnd(path, from, end);
    const segment = path.slice(from, to);
    const literal = node.statics.get(segment);
    if (literal === undefined) {
      if (node.parameter === undefined || segment === '') return greedy;
      parameters ??= {};
      parameters[node.parameter.name] = segment;
    }
    node = literal ?? (node.parameter as { node: Node }).node;
    from = to + 1;
  }
  return matchOf(node.resource, method, parameters) ?? greedy;
}

function segmentEnd(path: string, from: number, end: number): number {
  const slash = path.indexOf('/', from);
  return slash < 0 || slash > end ? end : slash;
}

const greedyMatch = (greedy: NonNullable<Node['greedy']>, method: string, rest: string): Match | undefined =>
  matchOf(greedy, method, { [greedy.name]: rest });

function matchOf(resource: Resource | undefined, method: string, parameters: Match['parameters']): Match | undefined {
  const target = resource?.methods.get(method);
  if (resource === undefined || target === undefined) return undefined;
  return { resource: resource.path, function: target.function, scope: target.scope, parameters };
}
