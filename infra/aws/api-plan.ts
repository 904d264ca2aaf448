import { CATCH_ALL, type FunctionName, type Method, type Route, resourceOf } from '../../functions/http/routes.ts';

export interface PlannedMethod {
  readonly method: Method | 'ANY';
  readonly function: FunctionName;
  /** Open methods ask for no key. */
  readonly open: boolean;
  /** Metered methods count against the plan of the caller's tenant. */
  readonly metered: boolean;
}

export interface PlannedResource {
  readonly path: string;
  readonly methods: readonly PlannedMethod[];
}

/** What answers 404, 405 and OPTIONS. A browser's preflight has no tenant, so nothing meters it. */
const anyMethod: PlannedMethod = { method: 'ANY', function: 'catalog', open: false, metered: false };

/**
 * The gateway's resources for a route table: each route one method, and `ANY` on every resource, for otherwise a known
 * path with another method would get the gateway's own 403.
 * @throws Error where the table asks for what a gateway can't be
 */
export function planApi(routes: readonly Route[]): PlannedResource[] {
  const byResource = Map.groupBy(routes, ({ path }) => resourceOf(path));
  for (const path of ['/', CATCH_ALL]) if (!byResource.has(path)) byResource.set(path, []);
  mustNameParametersAlike([...byResource.keys()]);
  return [...byResource].map(([path, all]) => ({ path, methods: [...methodsOf(path, all), anyMethod] }));
}

function methodsOf(path: string, routes: readonly Route[]): PlannedMethod[] {
  return [...Map.groupBy(routes, ({ method }) => method)].map(([method, same]) => {
    const [first, ...more] = same as [Route, ...Route[]];
    const open = first.scope === 'open';
    if (more.some((route) => route.function !== first.function || (route.scope === 'open') !== open)) {
      throw new Error(`${method} ${path} must go to one function, all open or all with a key, got several`);
    }
    return { method, function: first.function, open, metered: !open };
  });
}

/** A gateway takes one name for the parameter at a place, however many resources lie below. */
function mustNameParametersAlike(paths: readonly string[]): void {
  const named = new Map<string, string>();
  for (const path of paths) {
    const segments = path.split('/');
    segments.forEach((segment, i) => {
      if (!/^\{\w+\}$/.test(segment)) return;
      const place = segments.slice(0, i).join('/');
      const known = named.get(place) ?? segment;
      if (known !== segment)
        throw new Error(`a parameter below ${place} must be named ${known} everywhere, got ${path}`);
      named.set(place, known);
    });
  }
}
